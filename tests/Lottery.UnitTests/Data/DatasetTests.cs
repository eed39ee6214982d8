using Lottery.Data;

namespace Lottery.UnitTests.Data;

public sealed class DatasetTests
{
    [Fact]
    public void LoadsAUsersFolderInAnySpelling()
    {
        using var folder = new TemporaryFolder();
        IdxSample.WriteSet(folder["toys"]);
        Dataset data = Dataset.Load(folder["toys"]);
        Assert.Equal("toys", data.Name);
        Assert.Equal(10, data.Classes);
        Assert.Equal((30, 20, 6), (data.Train.Count, data.Test.Count, data.Train.Features));
        Assert.Equal(new ImageShape(1, 3, 2), data.Test.Shape);
        Assert.Equal(Enumerable.Range(0, 180).Select(i => (byte)i), data.Train.Pixels.ToArray());
        Assert.Equal(IdxSample.Labels(20)[8..], data.Test.Labels.ToArray());
    }

    [Fact]
    public void TheHashIsOfTheContentAloneAndNeverChanges()
    {
        using var folder = new TemporaryFolder();
        IdxSample.WriteSet(folder["a"]);
        IdxSample.WriteSet(folder["b"]);
        File.Move(folder["b/train-images-idx3-ubyte"], folder["b/train-images.idx3-ubyte"]);
        string hash = Dataset.Load(folder["a"]).Sha256;
        Assert.Equal("07a318778c54b4239257b054e192cf1c0bc7e6c423a8c8bf3b4bd2cf56f5d45a", hash);
        Assert.Equal(hash, Dataset.Load(folder["b"] + "/").Sha256);
        byte[] labels = IdxSample.Labels(20);
        labels[^1] ^= 1;
        File.WriteAllBytes(folder["b/t10k-labels.idx1-ubyte"], labels);
        Assert.NotEqual(hash, Dataset.Load(folder["b"]).Sha256);
    }

    [Fact]
    public void TheHashKnowsTheShapeOfAImage()
    {
        var row = new Examples(new byte[12], new byte[2], 6);
        Examples block = row with { Shape = new(1, 2, 3) };
        Assert.NotEqual(Dataset.Create("row", 1, row, row).Sha256, Dataset.Create("block", 1, block, block).Sha256);
        Assert.Equal(Dataset.Create("x", 1, row, row).Sha256, Dataset.Create("y", 2, row, row).Sha256);
    }

    public static TheoryData<string, byte[]?, string> Faults => new()
    {
        { "train-labels-idx1-ubyte", null, "expected four idx files (plain or .gz), found no train-labels-idx1-ubyte" },
        { "train-images-idx3-ubyte", null, "expected four idx files (plain or .gz), found no train-images-idx3-ubyte" },
        { "train-labels-idx1-ubyte", IdxSample.Labels(29), "train-images-idx3-ubyte has 30 images and train-labels-idx1-ubyte 29 labels" },
        { "train-images-idx3-ubyte", IdxSample.Images(30, 2, 3), "training images are 2×3, but test images are 3×2" },
        { "train-labels-idx1-ubyte", IdxSample.Labels(30, 9), "expected labels from 0 to 8 in t10k-labels-idx1-ubyte, found 9 at index 9" },
        { "train-labels-idx1-ubyte", IdxSample.Bytes([30], [.. Enumerable.Range(0, 30).Select(i => (byte)(i % 5 * 2))]),
            "the training labels go up to 8, but none is 1" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void FilesThatDoNotBelongTogetherAreAnError(string name, byte[]? content, string sentence)
    {
        using var folder = new TemporaryFolder();
        IdxSample.WriteSet(folder.Path);
        if (content is null) File.Delete(folder[name]);
        else File.WriteAllBytes(folder[name], content);
        var error = Assert.Throws<UserException>(() => Dataset.Load(folder.Path));
        Assert.Equal($"{folder.Path}: {sentence}; give a folder with images and labels for training and testing as complete idx files.",
            error.Message);
    }

    [Theory]
    [InlineData("mnist", "08f77e6e2e290ff548c8ce34f899d39063cb0db6159ec5287ada338eba585883")]
    [InlineData("fashion-mnist", "e4fbdc1f3512d6616d5c19586c3fe92fe8732d6d42345b999dd2c819bc16336f")]
    public void ARealSetIsWhole(string name, string sha256)
    {
        DatasetLocator locator = DatasetLocator.FromEnvironment();
        Assert.SkipUnless(locator.Find(KnownSet.Get(name)) is not null, $"{name} is not on this machine.");
        Dataset data = Dataset.Load(name, locator);
        Assert.Equal((60_000, 10_000, 784, 10), (data.Train.Count, data.Test.Count, data.Train.Features, data.Classes));
        Assert.Equal(sha256, data.Sha256);
    }
}
