using Lottery.Kernels;
using Lottery.Search;
using Lottery.SystemTests.Processes;

namespace Lottery.SystemTests.Search;

/// <summary>Same specification, same bits: whatever the processor, the threads, and the company.</summary>
public sealed class DeterminismTests
{
    /// <summary>Another value here is another version in <see cref="KernelVersions"/>, or a mistake.</summary>
    private const string Golden = "c4317708807209a67ea3d947273e406ff1ddab5ffaaac29717e939a871630462";

    private const string GoldenSupermasks = "188b7899c73a6759400c7f07ae688eb6af831659a48bb4ce9dcb42e4c0e71b59";

    private static readonly Lazy<string> s_images = new(SmallImages.Fingerprint);

    [Fact]
    public void The_bits_are_those_of_old() => Assert.Equal(Golden, SmallSearch.Fingerprint());

    [Fact]
    public void The_bits_of_learned_supermasks_are_those_of_old() =>
        Assert.Equal(GoldenSupermasks, SmallSupermask.Fingerprint());

    [Theory]
    [InlineData("LOTTERY_KERNELS", "reference", "")]
    [InlineData("LOTTERY_KERNELS", "vector128", "")]
    [InlineData("LOTTERY_KERNELS", "vector256", "")]
    [InlineData("DOTNET_EnableAVX512", "0", "vector512")]
    [InlineData("DOTNET_EnableAVX2", "0", "vector256 vector512")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0", "vector128 vector256 vector512")]
    [InlineData("DOTNET_TieredCompilation", "0", "")]
    [InlineData("DOTNET_ReadyToRun", "0", "")]
    public async Task Another_process_finds_the_same_bits(string variable, string value, string gone)
    {
        bool forced = variable == "LOTTERY_KERNELS";
        if (forced) Assert.SkipUnless(KernelRegistry.Available.Contains(value), $"This processor cannot run {value}.");
        (string[] available, string chosen, string fingerprint, _, string supermasks) =
            await SearchChild.Run([("LOTTERY_KERNELS", ""), (variable, value)]);
        Assert.Empty(available.Intersect(gone.Split(' ')));
        Assert.Equal(forced ? value : available[0], chosen);
        Assert.Equal(Golden, fingerprint);
        Assert.Equal(GoldenSupermasks, supermasks);
    }

    [Theory]
    [InlineData("LOTTERY_KERNELS", "reference")]
    [InlineData("LOTTERY_KERNELS", "vector256")]
    [InlineData("DOTNET_EnableAVX512", "0")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0")]
    public async Task Another_process_finds_the_same_bits_on_images(string variable, string value)
    {
        if (variable == "LOTTERY_KERNELS")
            Assert.SkipUnless(KernelRegistry.Available.Contains(value), $"This processor cannot run {value}.");
        Assert.Equal(s_images.Value, (await SearchChild.Run([("LOTTERY_KERNELS", ""), (variable, value)])).Images);
    }

    [Fact]
    public async Task Two_replicates_at_once_are_those_of_one_after_the_other()
    {
        TicketSearch alone = SmallSearch.Of(SmallSearch.WithAdam), shared = SmallSearch.Of(SmallSearch.WithAdam);
        string[] expected = [Fingerprint.Of(alone.Results(1)), Fingerprint.Of(alone.Results(2))];
        string[] actual = await Task.WhenAll(
            Task.Run(() => Fingerprint.Of(shared.Results(1))), Task.Run(() => Fingerprint.Of(shared.Results(2))));
        Assert.Equal(expected, actual);
        Assert.NotEqual(expected[0], expected[1]);
    }

    [Fact]
    public async Task Threads_that_want_the_same_runs_train_each_once()
    {
        var runs = new MemoryRunStore();
        TicketSearch search = SmallSearch.Of(SmallSearch.WithSgd, runs);
        IReadOnlyList<RunResult>[] results =
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => search.Results())));
        Assert.All(results, result => Assert.Equal(results[0], result));
        Assert.Equal(results[0].Count, runs.Finished.Length);
    }
}
