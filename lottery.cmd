@echo off
rem Builds Lottery when its sources have changed since the last build, then runs it.
dotnet run --file "%~dp0scripts\dev.cs" -- lottery %*
