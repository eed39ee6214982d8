using System.Diagnostics;
using Lottery.Studies.Identity;

namespace Lottery.SystemTests.Studies;

/// <summary>A second implementation, in Python, computes the same ids.</summary>
public sealed class PythonIdentityTests
{
    [Fact]
    public void Python_computes_the_same_ids()
    {
        const string Program = """
            import hashlib, json, sys
            for line in sys.stdin:
                text = json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                print(hashlib.sha256(text.encode()).hexdigest())
            """;
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "Python is not installed.");
        using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        foreach (var golden in GoldenIds.All) python.StandardInput.WriteLine(RunIdentity.Canonical(golden.Run));
        python.StandardInput.Close();
        Assert.Equal(
            GoldenIds.All.Select(golden => RunIdentity.Of(golden.Run)),
            python.StandardOutput.ReadToEnd().Trim().Split('\n'));
    }
}
