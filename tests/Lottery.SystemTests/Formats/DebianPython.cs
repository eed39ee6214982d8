using System.ComponentModel;
using System.Diagnostics;

namespace Lottery.SystemTests.Formats;

/// <summary>The system's Python, whose packages write files as other programs do.</summary>
internal static class DebianPython
{
    /// <summary>Whether modules are installed.</summary>
    public static bool Has(string modules) => Run("-c", $"import {modules}").Code == 0;

    /// <summary>Runs it; -1 if there is none.</summary>
    public static (int Code, string Said, string Errors) Run(params string[] arguments)
    {
        try
        {
            using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = python.StandardError.ReadToEndAsync();
            string said = python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            return (python.ExitCode, said, errors.Result);
        }
        catch (Win32Exception)
        {
            return (-1, "", "");
        }
    }
}
