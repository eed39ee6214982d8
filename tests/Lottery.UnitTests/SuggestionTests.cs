namespace Lottery.UnitTests;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("mnits", "mnist")]
    [InlineData("MNIST", "mnist")]
    [InlineData("fashon-mnist", "fashion-mnist")]
    [InlineData("lenet-300-10", "lenet-300-100")]
    [InlineData("fashion_mnist", "fashion-mnist")]
    public void NamesTheNearest(string written, string meant) =>
        Assert.Equal(meant, Suggestion.Nearest(written, ["mnist", "fashion-mnist", "lenet-300-100"]));

    [Theory]
    [InlineData("")]
    [InlineData("imagenet")]
    [InlineData("x")]
    public void NamesNoneWhenNoneIsNear(string written) =>
        Assert.Null(Suggestion.Nearest(written, ["mnist", "fashion-mnist", "sgd"]));

    [Fact]
    public void EndsTheSentenceEitherWay()
    {
        Assert.Equal("; did you mean 'adam'?", Suggestion.Ending("adm", ["sgd", "adam"]));
        Assert.Equal(".", Suggestion.Ending("rmsprop", ["sgd", "adam"]));
    }
}
