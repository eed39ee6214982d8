using System.Diagnostics;
using Lottery.Kernels;
using Lottery.Search;
using Lottery.Training;
using Lottery.UnitTests.Kernels;

namespace Lottery.UnitTests.Plans;

/// <summary>How far it is from a search to a multiply-add: the frames of the stack, counted.</summary>
public sealed class CallDepthTests(ITestOutputHelper output)
{
    /// <summary>From <c>TicketSearch.Run</c> to the kernel, both included; in a build without optimization no frame is inlined away.</summary>
    private const int Most = 12;

    [Fact]
    public void From_a_search_to_the_first_multiply_add_are_few_frames()
    {
        var recorder = new Recorder();
        var search = new TicketSearch(SmallSearch.Network, SmallSearch.Data)
        {
            Training = SmallSearch.WithSgd with { Steps = 1 }, Pruning = new() { Levels = 0 }, Device = new CpuDevice(new("recorded", recorder)),
        };
        _ = search.Run(1, TestContext.Current.CancellationToken).First();
        Assert.NotEmpty(recorder.Frames);
        output.WriteLine($"{recorder.Frames.Length} frames:\n{string.Join('\n', recorder.Frames)}");
        Assert.InRange(recorder.Frames.Length, 1, Most);
    }

    /// <summary>Records the stack of the first product in a training step.</summary>
    private sealed class Recorder : IKernelRunner
    {
        public string[] Frames { get; private set; } = [];

        public void Run<TKernel>(ref TKernel kernel) where TKernel : struct, IKernel, allows ref struct
        {
            if (Frames.Length == 0 && CountingKernels.IsProduct(typeof(TKernel))) Record();
            kernel.Reference();
        }

        private void Record()
        {
            string[] frames =
            [
                .. new StackTrace(skipFrames: 1).GetFrames().Select(frame => frame.GetMethod()!)
                    .Select(method => $"{method.DeclaringType?.FullName}.{method.Name}"),
            ];
            if (!frames.Any(frame => frame.Contains("TrainingStep.", StringComparison.Ordinal))) return;
            int search = Array.FindIndex(frames, frame => frame.Contains("TicketSearch+<Run>", StringComparison.Ordinal));
            Frames = frames[..(search + 1)];
        }
    }
}
