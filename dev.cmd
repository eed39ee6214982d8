@echo off
rem Everything a contributor types, on Windows: the commands are in scripts/dev.cs.
setlocal
cd /d "%~dp0"
where dotnet >nul 2>nul || goto missing
dotnet run --file scripts\dev.cs -- %*
exit /b %errorlevel%

:missing
echo dev: the .NET SDK 10 or later is needed and no dotnet was found; install it from https://dotnet.microsoft.com/download. 1>&2
exit /b 1
