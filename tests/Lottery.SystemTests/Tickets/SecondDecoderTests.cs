using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lottery.Networks;
using Lottery.Networks.Descriptions;
using Lottery.Tickets;

namespace Lottery.SystemTests.Tickets;

/// <summary>docs/ticket.py finds the same bits: the format's description is enough, and decoding is exact.</summary>
public sealed class SecondDecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PlainPythonReadsEveryKindOfTicket()
    {
        Ticket[] tickets = [.. SomeTickets.Every()];
        (int code, string output, string errors) = Python([.. tickets.Select(Save)]);
        Assert.Equal("", errors);
        Assert.Equal(0, code);
        Assert.Equal(tickets.SelectMany(Lines), output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void PlainPythonReadsATicketOfLenet()
    {
        Ticket ticket = Ticket.FromRecipe(SomeMask.Of(Network.Lenet300100, 3, 4), new() { Seed = 12, Level = 15 });
        (int code, string output, _) = Python(Save(ticket, 0));
        Assert.Equal(0, code);
        Assert.Equal(Lines(ticket), output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("glorot-normal")]
    [InlineData("he-uniform")]
    public void PlainPythonReadsDepthwiseConvolutions(string initial)
    {
        Network network = NetworkReader.Read(
            "3x7x6 conv1=conv(5,3) relu conv2=depthwise-conv(3,stride=2) relu conv3=depthwise-conv(2,padding=1) global-average-pool "
            + $"output=linear(4) {initial}", "depthwise");
        Ticket ticket = Ticket.FromRecipe(SomeMask.Of(network, 3, 4), new() { Seed = 5, Level = 2, Mask1 = "constant-same-sign" });
        (int code, string output, string errors) = Python(Save(ticket, 0));
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(Lines(ticket), output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void PlainPythonRefusesOtherWeights()
    {
        byte[] bytes = SomeTickets.Every().First().Write();
        bytes[^33] ^= 1; // the last byte of the weights' hash
        SHA256.HashData(bytes.AsSpan(..^32), bytes.AsSpan(^32..));
        string path = Path.Combine(_folder.Path, "other.ticket");
        File.WriteAllBytes(path, bytes);
        (int code, _, string errors) = Python(path);
        Assert.Equal(1, code);
        Assert.Contains("the weights of its seed are not the weights that were packed", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ItIsShort() => Assert.InRange(Repository.Read("docs/ticket.py").Split('\n').Length, 1, 199);

    private string Save(Ticket ticket, int number)
    {
        string path = Path.Combine(_folder.Path, $"{number}.ticket");
        ticket.Save(path);
        return path;
    }

    private static IEnumerable<string> Lines(Ticket ticket)
    {
        for (int p = 0; p < ticket.Network.Parameters.Length; p++)
        {
            string values = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(ticket.Weights[p])));
            yield return ticket.Mask[p] is { } kept
                ? $"{ticket.Network.Parameters[p].Name} {kept.Count()} {Convert.ToHexStringLower(SHA256.HashData(kept.ToBytes()))} {values}"
                : $"{ticket.Network.Parameters[p].Name} {ticket.Network.Parameters[p].Count} - {values}";
        }
    }

    private static (int Code, string Output, string Errors) Python(params string[] files)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "python3"))),
            "There is no python3 here.");
        using Process python = Process.Start(new ProcessStartInfo("python3", [Repository.At("docs/ticket.py"), .. files])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        string output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return (python.ExitCode, output, errors.Result);
    }
}
