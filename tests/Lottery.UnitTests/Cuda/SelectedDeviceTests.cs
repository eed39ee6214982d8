using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;
using Lottery.Networks;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

namespace Lottery.UnitTests.Cuda;

/// <summary>Which device --device chooses.</summary>
public sealed class SelectedDeviceTests
{
    private const double Little = 1, Much = 1e4;

    private readonly List<string> _said = [];

    [Theory]
    [InlineData("auto", null, true)]
    [InlineData("cpu", null, false)]
    [InlineData("cuda", 0, false)]
    [InlineData("cuda:3", 3, false)]
    public void A_choice_is_read(string text, int? card, bool isAuto)
    {
        Assert.True(DeviceChoice.TryRead(text, out DeviceChoice choice));
        Assert.Equal(new(card, isAuto), choice);
        Assert.Equal(text == "cuda" ? "cuda:0" : text, choice.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:99999999999")]
    [InlineData("CUDA")]
    public void Anything_else_is_no_choice(string text) => Assert.False(DeviceChoice.TryRead(text, out _));

    [Theory]
    [InlineData("auto", Much, true)]
    [InlineData("auto", Little, false)]
    [InlineData("cpu", Much, false)]
    [InlineData("cuda", Little, true)]
    [InlineData("cuda:0", Much, true)]
    public void A_card_is_used_where_it_is_asked_for_or_worth_it(string text, double seconds, bool isUsed)
    {
        using EmulatedDevice card = EmulatedDevice.OrSkip();
        SelectedDevice selected = Open(text, seconds, _ => card);
        using ITrainingEngine engine = selected.Begin(SomeTask, new(SomeTask.Data, 1, SomeTask.Training.Batch, 0), threads: 1);
        Assert.Equal(isUsed, engine is CudaEngine);
        Assert.Equal(isUsed ? card.Multiprocessors : null, selected.AtOnce);
        Assert.Equal(isUsed ? 1 : 0, _said.Count);
    }

    [Fact]
    public void Without_a_card_the_processor_is_used_and_a_card_that_is_asked_for_is_missed()
    {
        SelectedDevice selected = Open("auto", Much, Missing);
        using ITrainingEngine engine = selected.Begin(SomeTask, new(SomeTask.Data, 1, SomeTask.Training.Batch, 0), threads: 1);
        Assert.IsType<CpuEngine>(engine);
        Assert.Empty(_said);
        Assert.Contains("--device cpu", Assert.Throws<DeviceException>(() => Open("cuda:1", Much, Missing)).Message, StringComparison.Ordinal);

        static IDevice Missing(int number) => throw DriverErrors.Exception(DriverErrors.NoLibrary, "starting");
    }

    private static TrainingTask SomeTask => new()
    {
        Mask = Mask.Full(SmallSearch.Network), Start = InitialWeights.Sample(SmallSearch.Network, 1), Training = SmallSearch.WithAdam,
        Data = SmallSearch.Data, Seed = 1,
    };

    private SelectedDevice Open(string text, double seconds, Func<int, IDevice> open)
    {
        Assert.True(DeviceChoice.TryRead(text, out DeviceChoice choice));
        var selected = new SelectedDevice(choice, _said.Add, open);
        selected.Open(seconds);
        return selected;
    }
}
