namespace Lottery.RepositoryTests.Launchers;

/// <summary>What the launcher installs before the first <c>quickstart</c>.</summary>
public sealed class SetUpTests : IDisposable
{
    private readonly FakeTree _tree = new();

    public SetUpTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The launcher is a shell script.");
        _tree.Write("debian_version", "12");
        _tree.WriteTool("id", "#!/bin/sh\necho \"${FAKE_USER-0}\"\n");
        _tree.WriteTool("apt-get", "#!/bin/sh\necho \"$*\" >>\"${0%/*}/../apt\"\n[ \"$1\" = update ] && touch \"${0%/*}/../updated\"\n"
            + "[ -z \"${FAKE_NEEDS_UPDATE-}\" ] || [ -e \"${0%/*}/../updated\" ]\n");
    }

    private string[] Installed => File.Exists(_tree.At("apt")) ? File.ReadAllLines(_tree.At("apt")) : [];

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Prints_the_command_and_installs()
    {
        FakeTree.Outcome outcome = await _tree.Launch("--json", "quickstart");
        Assert.Equal((0, "--json\nquickstart\n"), (outcome.ExitCode, outcome.Output));
        Assert.Equal("building lottery …\napt-get install -y dataset-fashion-mnist\n", outcome.Error);
        Assert.Equal("install -y --no-install-recommends dataset-fashion-mnist", Assert.Single(Installed));
    }

    [Fact]
    public async Task Fetches_the_lists_when_they_are_missing()
    {
        _tree.Environment["FAKE_NEEDS_UPDATE"] = "yes";
        FakeTree.Outcome outcome = await _tree.Launch("quickstart");
        Assert.Equal("quickstart\n", outcome.Output);
        Assert.EndsWith("apt-get install -y dataset-fashion-mnist\napt-get update\n", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(3, Installed.Length);
    }

    [Theory]
    [InlineData("datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz")]
    [InlineData("home/lottery/fashion-mnist/train-images-idx3-ubyte")]
    [InlineData("data/fashion-mnist/train-images-idx3-ubyte.gz")]
    public async Task Leaves_things_alone_when_the_data_are_here(string file)
    {
        _tree.Write(file, "");
        _tree.Environment["LOTTERY_DATA"] = _tree.At("data");
        await _tree.Launch("quickstart");
        Assert.Empty(Installed);
    }

    [Fact]
    public async Task Installs_nothing_without_root_off_debian_or_where_it_is_not_needed()
    {
        await _tree.Launch("find");
        await _tree.Launch("quickstart", "--help");
        await _tree.Launch("quickstart", "--data", "mnist");
        _tree.Environment["FAKE_USER"] = "1000";
        Assert.Equal("quickstart\n", (await _tree.Launch("quickstart")).Output);
        _tree.Environment["FAKE_USER"] = "0";
        File.Delete(_tree.At("debian_version"));
        await _tree.Launch("quickstart");
        Assert.Empty(Installed);
    }
}
