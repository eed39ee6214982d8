using Lottery.Gpu.Peers;
using Lottery.SystemTests.Formats;

namespace Lottery.SystemTests.Gpu;

/// <summary>The program that times PyTorch on a card, on this processor.</summary>
public class PyTorchOnCardTests
{
    private static readonly string s_program = Repository.At("bench/peers/pytorch_gpu.py");

    [Fact]
    public void Every_network_takes_steps_in_every_form()
    {
        (int code, string said, string errors) = Run("--device", "cpu", "--steps", "1", "--rounds", "1", "--batch", "2", "--replicates", "2");
        Assert.True(code == 0, errors);
        PeerTiming[] timings = PeerDocument.Read(said).Timings;
        string[] networks = ["lenet-300-100", "conv-2", "conv-4", "conv-6", "resnet-20", "vgg-19"];
        Assert.Equal([.. networks.SelectMany(network => (string[])[network + " eager", network + " graph"]), "lenet-300-100 batched"],
            timings.OrderBy(timing => timing.Replicates).Select(timing => $"{timing.Network} {timing.Form}"));
        Assert.All(timings, timing => Assert.True(timing is { Problem: null, Milliseconds: > 0 }, $"{timing}"));
    }

    [Fact]
    public void Without_a_card_one_sentence_and_a_code_of_its_own()
    {
        (int code, string said, string errors) = Run("--device", "cuda:99");
        Assert.Equal((3, ""), (code, said));
        Assert.Matches(@"\APyTorch \S+ finds no card 99 with CUDA here\.\n\z", errors);
    }

    private static (int Code, string Said, string Errors) Run(params string[] arguments)
    {
        (int code, string said, string errors) = DebianPython.Run([s_program, .. arguments]);
        Assert.SkipWhen(code == -1 || errors.StartsWith("PyTorch is not here", StringComparison.Ordinal), "There is no python3 with torch here.");
        return (code, said, errors);
    }
}
