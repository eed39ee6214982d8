using Lottery.Data;

namespace Lottery.UnitTests.Data;

public sealed class DatasetLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DatasetLocator _locator;

    public DatasetLocatorTests() => _locator = new(_folder["data"], _folder["cache"], _folder["system"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFirstLocationThatHoldsTheSetIsUsed()
    {
        IdxSample.WriteSet(_folder["system/fashion-mnist"]);
        Assert.Equal(DataOrigin.System, _locator.Locate("fashion-mnist").Origin);
        IdxSample.WriteSet(_folder["cache/fashion-mnist"]);
        Assert.Equal(DataOrigin.Cache, _locator.Locate("fashion-mnist").Origin);
        IdxSample.WriteSet(_folder["data/fashion-mnist"]);
        DataLocation location = _locator.Locate("fashion-mnist");
        Assert.Equal((DataOrigin.Environment, _folder["data/fashion-mnist"]), (location.Origin, location.Folder));
        Assert.Equal("fashion-mnist", Dataset.Load("fashion-mnist", _locator).Name);
    }

    [Fact]
    public void AnEmptyFolderIsPassedOver()
    {
        Directory.CreateDirectory(_folder["data/mnist"]);
        IdxSample.WriteSet(_folder["cache/mnist"]);
        Assert.Equal(DataOrigin.Cache, _locator.Locate("mnist").Origin);
    }

    [Fact]
    public void ADamagedSetIsNotPassedOver()
    {
        IdxSample.WriteSet(_folder["data/mnist"]);
        IdxSample.WriteSet(_folder["cache/mnist"]);
        File.WriteAllBytes(_folder["data/mnist/train-labels-idx1-ubyte"], [0, 0]);
        Assert.Contains(_folder["data/mnist/train-labels-idx1-ubyte"],
            Assert.Throws<UserException>(() => Dataset.Load("mnist", _locator)).Message, StringComparison.Ordinal);
        File.Delete(_folder["data/mnist/train-labels-idx1-ubyte"]);
        Assert.Contains("found no train-labels-idx1-ubyte; put a complete copy there, or unset LOTTERY_DATA",
            Assert.Throws<UserException>(() => Dataset.Load("mnist", _locator)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsOfAKnownSetAreBelowTen()
    {
        IdxSample.WriteSet(_folder["cache/mnist"]);
        File.WriteAllBytes(_folder["cache/mnist/t10k-labels.idx1-ubyte"], IdxSample.Labels(20, 11));
        Assert.EndsWith("expected labels from 0 to 9 in t10k-labels-idx1-ubyte, found 10 at index 10; `lottery data get mnist` fetches it again.",
            Assert.Throws<UserException>(() => Dataset.Load("mnist", _locator)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNowhereSaysWhereItWasLookedForAndHowToGetIt()
    {
        var error = Assert.Throws<UserException>(() => _locator.Locate("fashion-mnist"));
        Assert.Equal($"Fashion-MNIST was not found: Lottery looked in {_folder["data/fashion-mnist"]}, {_folder["cache/fashion-mnist"]}, "
            + $"{_folder["system/fashion-mnist"]}; `lottery data get fashion-mnist` downloads it, "
            + "or `apt-get install dataset-fashion-mnist` installs it.", error.Message);
    }

    [Theory]
    [InlineData("mnits", "There is no data set called 'mnits' (only mnist, fashion-mnist, kmnist, emnist-balanced, emnist-letters, emnist-digits, emnist-mnist, emnist-byclass, emnist-bymerge, cifar-10, cifar-100 and tiny-imagenet); did you mean 'mnist'?")]
    [InlineData("imagenet", "There is no data set called 'imagenet' (only mnist, fashion-mnist, kmnist, emnist-balanced, emnist-letters, emnist-digits, emnist-mnist, emnist-byclass, emnist-bymerge, cifar-10, cifar-100 and tiny-imagenet).")]
    [InlineData("no/where", "There is no folder no/where; give the folder of a data set or its name.")]
    [InlineData("../mnist", "There is no folder ../mnist; give the folder of a data set or its name.")]
    public void AnUnknownNameIsTold(string name, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<UserException>(() => _locator.Locate(name)).Message);

    [Fact]
    public void AFileIsNotAFolder()
    {
        File.WriteAllText(_folder["images"], "");
        Assert.Equal($"{_folder["images"]} is a file; give the folder that holds the set's files.",
            Assert.Throws<UserException>(() => _locator.Locate(_folder["images"])).Message);
    }
}
