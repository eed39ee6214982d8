using System.Globalization;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;
using Lottery.Gpu;
using Lottery.Gpu.Studies;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

namespace Lottery.UnitTests.Gpu;

/// <summary>What <c>./dev gpu</c> times, and how it tells from a part of a study how long the whole would take.</summary>
public class StudyTimingTests
{
    [Fact]
    public void The_papers_studies_are_whole()
    {
        TimedStudy figure = TimedStudy.All[0], search = TimedStudy.All[1];
        Assert.Equal((1_085, 54_662_300), (figure.Runs, figure.Steps));
        Assert.Equal((80, 2_400_000), (search.Runs, search.Steps));
        Assert.All(TimedStudy.All, study => Assert.InRange(study.Part, 10, 100));
        // LeNet's last level of Figure 3 and Conv-6's level 15.
        Assert.InRange((double)figure.MaskOf(24, 1).Kept / figure.Network.PrunableCount, 0.0045, 0.006);
        Assert.InRange((double)search.MaskOf(15, 1).Kept / search.Network.PrunableCount, 0.05, 0.09);
    }

    [Theory]
    [InlineData("conv-6", 60, 1, new[] { 1, 0.5, 0.2, 0.05, 0.01 })]
    [InlineData("resnet-20", 128, 1, new[] { 1, 0.5, 0.2, 0.05, 0.01 })]
    [InlineData("conv-2", 60, 1, new[] { 0.2 })]
    [InlineData("conv-4", 60, 1, new[] { 0.2 })]
    [InlineData("lenet-300-100", 60, 132, new[] { 1, 0.21, 0.036 })]
    public void Every_step_that_the_papers_need_is_timed(string network, int batch, int trainings, double[] densities) =>
        Assert.Empty(densities.Select(density => (network, batch, density, trainings)).Except(StepTiming.All));

    [Fact]
    public void A_part_of_each_run_is_trained_on_the_emulated_card_and_the_whole_is_longer()
    {
        using var device = new EmulatedDevice();
        if (KernelCompiler.Path is null) Assert.Skip("needs a C++ compiler for the emulator of kernels");
        string? said = null;
        using var card = new CudaTrainingDevice(device) { Say = reason => said = reason };
        foreach (TimedStudy study in TimedStudy.Emulated)
        {
            StudyTime time = StudyTiming.Run(study, card, device.Multiprocessors);
            Assert.Equal((study.Runs, study.Runs * 20, Math.Min(4, study.Replicates * study.Criteria)), (time.Runs, time.Steps, time.AtOnce));
            Assert.InRange(time.WholeSeconds, 0.2 * time.Seconds, 11 * time.Seconds);
        }
        Assert.Null(said);
        Assert.Equal(0, device.UsedBytes);
    }

    [Fact]
    public void What_is_left_when_the_time_is_up_is_trained_for_a_few_steps()
    {
        TimedStudy study = TimedStudy.Emulated[0] with { Most = TimeSpan.Zero, Part = 2 };
        StudyTime time = StudyTiming.Run(study, CpuDevice.Default, 4);
        Assert.Equal((study.Runs, study.Runs * study.Training.Evaluate), (time.Runs, time.Steps));
    }

    [Fact]
    public void More_searches_than_places_take_their_sum()
    {
        TimedStudy study = TimedStudy.Emulated[0];
        // So many steps that beginning a run is a small part of its time.
        StudyTime one = StudyTiming.Run(study with { Replicates = 1, Training = study.Training with { Steps = 5_000 } }, CpuDevice.Default, most: 1);
        Assert.Equal(1, one.AtOnce);
        Assert.InRange(one.WholeSeconds, one.Seconds, 20 * one.Seconds);
    }

    [Fact]
    public void A_training_that_fails_ends_the_study() =>
        Assert.Throws<UserException>(() => StudyTiming.Run(TimedStudy.Emulated[0], new Refusing(), 4));

    [Fact]
    public void Steps_of_small_networks_are_timed_on_the_emulator()
    {
        using var device = EmulatedDevice.OrSkip();
        using var card = new CudaTrainingDevice(device);
        Assert.InRange(StepTiming.Milliseconds(SmallNetwork.Of("conv-2"), 20, 0.2, card, TimeSpan.Zero, atOnce: 1), 1e-3, 1e6);
        Assert.InRange(StepTiming.StepsPerSecond(TimedStudy.Emulated[0].Network, 20, 0.2, trainings: 3, card, TimeSpan.FromSeconds(0.1), atOnce: 2), 1e-3, 1e6);
        Assert.Equal(0, device.UsedBytes);
    }

    [Fact]
    public void Counted_work_of_the_papers_studies_is_minutes_on_an_h100()
    {
        Card card = new(0, "H100", "9.0", 132, 80L << 30, null, null) { SharedBytes = 227 << 10 };
        string document = File.ReadAllText(Repository.At("docs/gpu.md"));
        string[] minutes = [.. TimedStudy.All.Select(study => (StudyTiming.Estimate(study, card).Seconds / 60).ToString("0", CultureInfo.InvariantCulture))];
        Assert.Contains($"by counted work, Figure 3 of Zhou et al. takes {minutes[0]} minutes on an H100, and the search on Conv-6 {minutes[1]}", document.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private sealed class Refusing : ITrainingDevice
    {
        public ITrainingEngine Begin(TrainingTask task, EpochOrders orders, int threads) => throw new UserException("No.");
    }
}
