@echo off
rem Everything a contributor types, on Windows: the commands are in scripts/dev.cs.
setlocal
cd /d "%~dp0"
dotnet run --file scripts\dev.cs -- %*
