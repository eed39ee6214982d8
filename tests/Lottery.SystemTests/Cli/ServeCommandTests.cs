using System.Text.RegularExpressions;
using Lottery.SystemTests.Processes;

namespace Lottery.SystemTests.Cli;

public sealed class ServeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ctrl_C_stops_it_and_a_port_in_use_is_told()
    {
        using var server = new ServedStore(_folder["store"]);
        CommandLineRun second = CommandLineRun.Of("serve", "--store", _folder["store"], "--port", $"{server.Address.Port}");
        Assert.Equal((1, ""), (second.ExitCode, second.Output));
        Assert.Matches(@"^lottery: Port \d+ of 127.0.0.1 is in use", second.Error);
        server.Process.Signal("INT");
        CommandLineRun run = server.Process.Wait();
        Assert.Equal((130, ""), (run.ExitCode, run.Error));
        Assert.False(Directory.Exists(_folder["store"]));
    }

    [Theory]
    [InlineData("--port 70000", "--port is '70000', but must be an integer from 0 to 65535.")]
    [InlineData("--host example.org", "--host is 'example.org', but must be an address of this machine")]
    public void What_is_wrong_is_told(string arguments, string sentence)
    {
        CommandLineRun run = CommandLineRun.OfLine($"serve {arguments} --store {_folder["store"]}");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"lottery: {sentence}", run.Error);
    }
}

/// <summary>A dashboard in a process of its own.</summary>
internal sealed partial class ServedStore : IDisposable
{
    private readonly string _words;

    public ServedStore(string store, int port = 0)
    {
        _words = Path.GetTempFileName();
        // The address is read from a file, since what a process prints is here read when it has ended.
        Process = LotteryProcess.Into(_words, "serve", "--store", store, "--port", $"{port}");
        Match match = Match.Empty;
        Process.Until(() => (match = Words().Match(Read())).Success);
        Address = new(match.Groups[1].Value);
    }

    public LotteryProcess Process { get; }

    public Uri Address { get; }

    public void Dispose()
    {
        Process.Dispose();
        File.Delete(_words);
    }

    private string Read()
    {
        using var stream = new FileStream(_words, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(stream).ReadToEnd();
    }

    [GeneratedRegex(@" at (http://\S+/) until")]
    private static partial Regex Words();
}
