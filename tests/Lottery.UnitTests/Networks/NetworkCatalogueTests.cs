using Lottery.Networks;

namespace Lottery.UnitTests.Networks;

public class NetworkCatalogueTests
{
    [Fact]
    public void EveryNameIsANetwork() =>
        Assert.All(NetworkCatalogue.Names, name => Assert.Equal(name, NetworkCatalogue.Get(name).Name));

    [Fact]
    public void LenetIsAnMlpByAnotherName()
    {
        Network lenet = Network.Lenet300100, mlp = NetworkCatalogue.Get("mlp:784-300-100-10");
        Assert.Equal(lenet, mlp);
        Assert.Equal(lenet.GetHashCode(), mlp.GetHashCode());
        Assert.Equal(266_200, mlp.PrunableCount);
        Assert.Equal(
            ["fc1.weight [300,784] Fc", "fc1.bias [300] Fc", "fc2.weight [100,300] Fc", "fc2.bias [100] Fc", "output.weight [10,100] Output", "output.bias [10] Output"],
            mlp.Parameters.Select(p => $"{p.Name} [{string.Join(',', p.Shape)}] {p.Kind}"));
    }

    [Theory]
    [InlineData("mlp:", "The network 'mlp:' needs at least two sizes, inputs and classes, as in mlp:784-300-100-10.")]
    [InlineData("mlp:784", "The network 'mlp:784' needs at least two sizes, inputs and classes, as in mlp:784-300-100-10.")]
    [InlineData("mlp:784--10", "The network 'mlp:784--10' has the size '', which is not an integer from 1 to 268435456: write it as in mlp:784-300-100-10.")]
    [InlineData("mlp:784-0-10", "The network 'mlp:784-0-10' has the size '0', which is not an integer from 1 to 268435456: write it as in mlp:784-300-100-10.")]
    [InlineData("mlp:784-3e2-10", "The network 'mlp:784-3e2-10' has the size '3e2', which is not an integer from 1 to 268435456: write it as in mlp:784-300-100-10.")]
    [InlineData("mlp:784-99999999999-10", "The network 'mlp:784-99999999999-10' has the size '99999999999', which is not an integer from 1 to 268435456: write it as in mlp:784-300-100-10.")]
    [InlineData("mlp:100000-100000-10", "The network 'mlp:100000-100000-10' would have 10,001,000,000 weights, and at most 268,435,456 are possible: take smaller sizes, as in mlp:784-300-100-10.")]
    [InlineData("lenet-300-10", "There is no network called 'lenet-300-10'; did you mean 'lenet-300-100'?")]
    [InlineData("transformer", "There is no network called 'transformer': take lenet-300-100, conv-2, conv-4, conv-6, conv-2-dropout, conv-4-dropout, conv-6-dropout, resnet-18, resnet-20, vgg-19, or name the sizes as in mlp:784-300-100-10.")]
    public void WhatIsNoNetworkIsAnError(string name, string sentence)
    {
        UserException error = Assert.Throws<UserException>(() => NetworkCatalogue.Get(name));
        Assert.Equal(sentence, error.Message);
    }

    [Fact]
    public void TheLargestStillGoes() => Assert.Equal(1 << 28, NetworkCatalogue.Get("mlp:16384-16384").PrunableCount);
}
