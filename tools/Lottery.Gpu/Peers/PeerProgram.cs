using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Lottery.Gpu.Peers;

/// <summary>PyTorch on this machine's card, timed by a program in Python.</summary>
/// <param name="source">The program: bench/peers/pytorch_gpu.py.</param>
/// <param name="interpreters">The Pythons that may run it; the first that can does.</param>
/// <param name="card">The card's number.</param>
internal sealed class PeerProgram(string source, IEnumerable<string> interpreters, int card)
{
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(60);

    private readonly List<string> _interpreters = [.. interpreters];

    /// <summary>The Pythons that a machine may have.</summary>
    public static string[] Usual { get; } = ["python3", "/usr/bin/python3", "python"];

    /// <summary>The sentence that says why PyTorch does not answer; null as long as it may.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Times a network; null, and <see cref="Refusal"/> says why, if that cannot be done here.</summary>
    public PeerDocument? Time(string network)
    {
        if (_interpreters.Count == 0) return null;
        List<string> refusals = [];
        foreach (string python in _interpreters.ToArray())
        {
            (PeerDocument? document, string refusal) = Run(python, network);
            if (document is not null)
            {
                // The others would time the same once more.
                _interpreters.RemoveAll(other => other != python);
                return document;
            }
            _interpreters.Remove(python);
            refusals.Add($"{python}: {refusal}");
        }
        Refusal = $"PyTorch is not timed beside Lottery; {string.Join("; ", refusals)}";
        return null;
    }

    private (PeerDocument? Document, string Refusal) Run(string python, string network)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python, ["-", "--network", network, "--device", $"cuda:{card}"])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardInputEncoding = new UTF8Encoding(false),
            })!;
            Task<string> said = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
            try
            {
                process.StandardInput.Write(source);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it read all; its code says why.
            }
            if (!process.WaitForExit(s_most))
            {
                process.Kill(entireProcessTree: true);
                return (null, $"it had not ended after {s_most.TotalSeconds:0} s");
            }
            string last = errors.Result.Trim().Split('\n')[^1].Trim();
            return process.ExitCode == 0 ? (PeerDocument.Read(said.Result), "") : (null, last.Length > 0 ? last : $"it ended with code {process.ExitCode}");
        }
        catch (Win32Exception problem)
        {
            return (null, problem.NativeErrorCode == 2 ? "there is no such program" : problem.Message);
        }
        catch (UserException problem)
        {
            return (null, problem.Message);
        }
    }
}
