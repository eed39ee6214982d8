using Lottery.Data;

namespace Lottery.UnitTests.Data;

public sealed class DataVerifyTests
{
    [Fact]
    public void TheListSaysWhereEachSetIsAndHowLarge()
    {
        using var folder = new TemporaryFolder();
        IdxSample.WriteSet(folder["fashion-mnist"]);
        File.Delete(folder["fashion-mnist/train-images-idx3-ubyte"]);
        DatasetStatus[] list = [.. DataVerify.List(new(null, folder.Path, "/nowhere"))];
        Assert.Equal(["mnist", "fashion-mnist", "kmnist", "emnist-balanced", "emnist-letters", "emnist-digits", "emnist-mnist", "emnist-byclass", "emnist-bymerge", "cifar-10", "cifar-100", "tiny-imagenet"], list.Select(status => status.Set.Name));
        Assert.Null(list[0].Location);
        Assert.False(list[0].IsWhole);
        Assert.Equal(DataOrigin.Cache, list[1].Location!.Origin);
        Assert.False(list[1].IsWhole);
        Assert.Equal(new FileStatus("train-images-idx3-ubyte", null, 0, "it is missing"), list[1].Files[0]);
        Assert.Equal(new("train-labels-idx1-ubyte", folder["fashion-mnist/train-labels-idx1-ubyte"], 38, null), list[1].Files[1]);
        Assert.Equal(list[1].Files.Sum(file => file.Bytes), list[1].Bytes);
    }

    [Fact]
    public void VerifyingReportsWhatIsWrongWithEachFile()
    {
        using var folder = new TemporaryFolder();
        IdxSample.WriteSet(folder["mnist"]);
        File.Delete(folder["mnist/t10k-images-idx3-ubyte.gz"]);
        File.WriteAllBytes(folder["mnist/train-labels-idx1-ubyte"], IdxSample.Labels(60_000));
        File.WriteAllBytes(folder["mnist/t10k-labels.idx1-ubyte"], IdxSample.Gzip(IdxSample.Labels(20_000))[..^9]);
        DatasetStatus status = DataVerify.Verify("mnist", new(null, folder.Path, "/nowhere"));
        Assert.False(status.IsWhole);
        Assert.Equal("expected 47,040,016 bytes, found 196", status.Files[0].Fault);
        Assert.StartsWith("expected SHA-256 65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5, found ",
            status.Files[1].Fault, StringComparison.Ordinal);
        Assert.Equal("it is missing", status.Files[2].Fault);
        Assert.Equal("expected it to end after 10,008 bytes, found more", status.Files[3].Fault);
    }

    [Fact]
    public void ASetThatIsNowhereOrUnknownIsAnError()
    {
        var nowhere = new DatasetLocator(null, "/nowhere", "/nowhere");
        Assert.Contains("`lottery data get mnist`", Assert.Throws<UserException>(() => DataVerify.Verify("mnist", nowhere)).Message,
            StringComparison.Ordinal);
        Assert.Contains("did you mean 'mnist'?", Assert.Throws<UserException>(() => DataVerify.Verify("minst", nowhere)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mnist")]
    [InlineData("fashion-mnist")]
    public void ARealSetIsWhole(string name)
    {
        DatasetLocator locator = DatasetLocator.FromEnvironment();
        Assert.SkipUnless(locator.Find(KnownSet.Get(name)) is not null, $"{name} is not on this machine.");
        Assert.All(DataVerify.Verify(name, locator).Files, file => Assert.Null(file.Fault));
    }
}
