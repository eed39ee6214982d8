using System.Diagnostics;

namespace Lottery.Packaging;

/// <summary>The .NET SDK that runs ./dev.</summary>
internal static class Sdk
{
    private static readonly string s_dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>Runs a command of the SDK; what it prints goes to <paramref name="log"/>, and to the screen only when it fails.</summary>
    /// <exception cref="PackagingException">The command failed.</exception>
    public static void Run(string root, string log, params string[] arguments)
    {
        var start = new ProcessStartInfo(s_dotnet, [.. arguments, "--nologo", "-v", "q", "-nodeReuse:false"])
        {
            WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        string text = output.Result + error.Result;
        File.WriteAllText(log, text);
        if (process.ExitCode == 0) return;
        if (new[] { "NU1100", "NU1101", "NU1300", "NU1301" }.Any(code => text.Contains("error " + code, StringComparison.Ordinal)))
            throw new PackagingException($"the NuGet packages could not be downloaded; connect to the network and try again ({log} has the details).");
        Console.Error.Write(text);
        throw new PackagingException($"dotnet {arguments[0]} failed.");
    }
}
