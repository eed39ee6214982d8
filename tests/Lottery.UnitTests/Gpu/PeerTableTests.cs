using Lottery.Gpu.Peers;

namespace Lottery.UnitTests.Gpu;

/// <summary>What PyTorch measured is read, and stands in one table beside Lottery's times.</summary>
public class PeerTableTests
{
    private const string Document = """
        {"torch": "2.11.0", "cuda": "13.0", "device": "NVIDIA H100", "steps": 50, "timings": [
          {"network": "lenet-300-100", "batch": 60, "form": "eager", "replicates": 1, "milliseconds": 1.4, "rounds": 15, "problem": null},
          {"network": "lenet-300-100", "batch": 60, "form": "graph", "replicates": 1, "milliseconds": 0.1, "rounds": 15, "problem": null},
          {"network": "lenet-300-100", "batch": 60, "form": "batched", "replicates": 132, "milliseconds": 0.66, "rounds": 15, "problem": null},
          {"network": "conv-2", "batch": 60, "form": "eager", "replicates": 1, "milliseconds": 1.95, "rounds": 15, "problem": null},
          {"network": "conv-2", "batch": 60, "form": "graph", "replicates": 1, "milliseconds": null, "rounds": 0, "problem": "CUDA out of memory."}]}
        """;

    [Fact]
    public void A_document_is_read()
    {
        PeerDocument read = PeerDocument.Read(Document);
        Assert.Equal(("2.11.0", "13.0", "NVIDIA H100", 5), (read.Torch, read.Cuda, read.Device, read.Timings.Length));
        Assert.Equal(new("lenet-300-100", 60, "batched", 132, 0.66, null), read.Timings[2]);
        Assert.Equal(0.005, read.Timings[2].OfOne!.Value, 1e-12);
        Assert.Equal(new("conv-2", 60, "graph", 1, null, "CUDA out of memory."), read.Timings[4]);
        Assert.Null(read.Timings[4].OfOne);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("Traceback (most recent call last):")]
    [InlineData("""{"torch": "2", "cuda": null, "device": "x", "timings": [{"network": "conv-2"}]}""")]
    [InlineData("""{"torch": "2", "cuda": null, "device": "x", "timings": null}""")]
    public void Anything_else_is_refused_in_a_sentence(string text) =>
        Assert.StartsWith("what it printed is no document of times: ", Assert.Throws<UserException>(() => PeerDocument.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void One_table_has_both_and_their_ratio()
    {
        OwnTiming[] own =
        [
            new("lenet-300-100", 60, 1, 1, 0.35), new("lenet-300-100", 60, 0.036, 132, 0.0844), new("conv-2", 60, 0.2, 1, 0.6), new("conv-2", 60, 0.2, 8, 2.4),
            new("conv-4", 60, 0.2, 1, 0.9),
        ];
        string[] lines = [.. PeerTable.Lines(own, PeerDocument.Read(Document).Timings)];
        Assert.Equal(
        [
            "µs a step of one training       Lottery     eager             tuned",
            "lenet-300-100     100 %             350     1,400   4.00×       100   0.29×",
            "lenet-300-100     3.6 % × 132       0.6     1,400  2,190×       5.0   7.82×",
            "conv-2             20 %             600     1,950   3.25×         -",
            "conv-2             20 %   × 8       300     1,950   6.50×         -",
            "conv-4             20 %             900         -                 -",
            "PyTorch, conv-2, graph: CUDA out of memory.",
        ], lines[..^1]);
        Assert.StartsWith("PyTorch's times are the same at every density", lines[^1], StringComparison.Ordinal);
        Assert.All(lines[..^1], line => Assert.InRange(line.Length, 1, 80));
    }
}
