using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lottery.Bench.Peers;

/// <summary>An installed PyTorch that is worth racing against.</summary>
/// <param name="Interpreter">Its Python.</param>
/// <param name="Found">What it says of itself.</param>
internal sealed record PyTorch(string Interpreter, PyTorch.Description Found)
{
    private static readonly string[] s_interpreters = ["/usr/bin/python3", "python3"];

    /// <summary>What a peer says of itself.</summary>
    /// <param name="Python">Version.</param>
    /// <param name="Torch">Version.</param>
    /// <param name="Blas">Name and version; null for the reference BLAS.</param>
    public sealed record Description(
        [property: JsonPropertyName("python")] string Python, [property: JsonPropertyName("torch")] string Torch,
        [property: JsonPropertyName("blas")] string? Blas)
    {
        public override string ToString() => $"PyTorch {Torch}, {Blas}, Python {Python}";
    }

    /// <summary>The first that is here; otherwise null, and <paramref name="missing"/> says what to do.</summary>
    public static PyTorch? Find(out string missing)
    {
        missing = "PyTorch is not here, so Lottery alone is measured; `apt-get install python3-torch libopenblas0-pthread` (Debian, 1 GB) installs it.";
        foreach (string interpreter in s_interpreters)
        {
            if (Describe(interpreter) is not { } found) continue;
            if (found.Blas is not null) return new(interpreter, found);
            missing = $"PyTorch {found.Torch} multiplies with the reference BLAS here, several times slower than it needs to be, and a ratio "
                + "against that counts for nothing: `apt-get install libopenblas0-pthread` makes it use OpenBLAS.";
        }
        return null;
    }

    /// <summary>Starts one of the programs in bench/peers.</summary>
    public Process Start(string program, params string[] arguments) => Start(Interpreter, program, arguments);

    private static Process Start(string interpreter, string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(interpreter, [Repository.At("bench", "peers", program), .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
            Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        })!;

    private static Description? Describe(string interpreter)
    {
        try
        {
            var start = new ProcessStartInfo(interpreter, [Repository.At("bench", "peers", "one_thread.py")])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
            };
            using Process process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string line = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? JsonSerializer.Deserialize<Description>(line) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
