@echo off
rem Builds Lottery when its sources have changed since the last build, then runs it: scripts/dev.cs does both.
where dotnet >nul 2>nul || goto missing
set "LOTTERY_PROGRAM=%~0"
dotnet run --file "%~dp0scripts\dev.cs" -- lottery %*
exit /b %errorlevel%

:missing
echo lottery: the .NET SDK 10 or later is needed and no dotnet was found; install it from https://dotnet.microsoft.com/download. 1>&2
exit /b 1
