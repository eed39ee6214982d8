using Lottery.Actions;
using Lottery.Masks;

namespace Lottery.UnitTests.Masks;

public class NamesTests
{
    [Fact]
    public void EveryNameFindsItsOwn()
    {
        Assert.Equal(Criterion.All, Criterion.All.Select(criterion => Criterion.Get(criterion.Name)));
        Assert.Equal(Mask1.All, Mask1.All.Select(action => Mask1.Get(action.Name)));
        Assert.Equal(Mask0.All, Mask0.All.Select(action => Mask0.Get(action.Name)));
        Assert.Equal(13, Criterion.All.Select(criterion => criterion.Name).Distinct().Count());
        Assert.Equal(13, Mask1.All.Select(action => action.Name).Distinct().Count());
        Assert.Equal(6, Mask0.All.Select(action => action.Name).Distinct().Count());
    }

    [Fact]
    public void EveryNameIsDocumented()
    {
        string page = Repository.Read("docs/masks.md");
        string[] names =
        [
            .. Criterion.All.Select(criterion => criterion.Name), .. Mask1.All.Select(action => action.Name),
            .. Mask0.All.Select(action => action.Name),
        ];
        Assert.All(names, name => Assert.Contains($"\n| `{name}` | ", page, StringComparison.Ordinal));
        Assert.Equal(names.Length, page.Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)));
        Assert.All(Lottery.Masks.Expressions.Vocabulary.Words, word => Assert.Matches($"`{word}[`(]", page));
    }

    [Fact]
    public void ANumberHasOneSpelling()
    {
        Assert.Equal(new InitAndFinal(Large: true, 0.5), Criterion.Get("large-init-large-final(0.50)"));
        Assert.Equal("large-init-large-final(0.5)", Criterion.Get("large-init-large-final(5e-1)").Name);
        Assert.Equal("small-init-small-final(1E-05)", Criterion.Get("small-init-small-final(0.00001)").Name);
        Assert.Equal("constant-same-sign(0.05)", Mask1.Get("constant-same-sign(.05)").Name);
        foreach (string name in new[] { "small-init-small-final(1E-05)", "large-init-large-final(0.1)" })
            Assert.Equal(name, Criterion.Get(name).Name);
    }

    [Fact]
    public void AnExpressionIsItsOwnName()
    {
        Assert.Equal("abs( wf )", Criterion.Get("abs( wf )").Name);
        Assert.Equal(Criterion.Get("abs(wf)"), Criterion.Get("abs(wf)"));
        Assert.NotEqual(Criterion.Get("abs(wf)"), Criterion.Get("abs( wf )"));
    }

    [Theory]
    [InlineData("large-finl", "There is no criterion called 'large-finl'; did you mean 'large-final'?")]
    [InlineData("large_final", "There is no criterion called 'large_final'; did you mean 'large-final'?")]
    [InlineData("Movement", "There is no criterion called 'Movement'; did you mean 'movement'?")]
    [InlineData("larg-init-large-final(0.5)", "There is no criterion called 'larg-init-large-final(0.5)'; did you mean 'large-init-large-final'?")]
    [InlineData("random(2)", "The criterion random takes no number, but 'random(2)' gives it one.")]
    [InlineData("large-init-large-final(0)", "The criterion large-init-large-final takes a number above 0, as in 'large-init-large-final(0.5)', but 'large-init-large-final(0)' gives it another.")]
    [InlineData("large-init-large-final(-1)", "The criterion large-init-large-final takes a number above 0, as in 'large-init-large-final(0.5)', but 'large-init-large-final(-1)' gives it another.")]
    [InlineData("large-init-large-final()", "The criterion large-init-large-final takes a number above 0, as in 'large-init-large-final(0.5)', but 'large-init-large-final()' gives it another.")]
    [InlineData("large-init-large-final(1e999)", "The criterion large-init-large-final takes a number above 0, as in 'large-init-large-final(0.5)', but 'large-init-large-final(1e999)' gives it another.")]
    public void AWrongCriterionIsReported(string text, string expected) => Assert.Equal(expected, Error(() => Criterion.Get(text)));

    [Fact]
    public void WithNothingNearAllAreListed()
    {
        string message = Error(() => Criterion.Get("magic"));
        Assert.StartsWith("There is no criterion called 'magic': take one of large-final, small-final, ", message, StringComparison.Ordinal);
        Assert.EndsWith(", magnitude-increase-diff-sign, or an expression such as 'abs(wf) - 0.5*abs(wi)'.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongActionIsTold()
    {
        Assert.Equal("There is no mask-1 action called 'rewnid'; did you mean 'rewind'?", Error(() => Mask1.Get("rewnid")));
        Assert.Equal("The mask-1 action reinit takes no number, but 'reinit(2)' gives it one.", Error(() => Mask1.Get("reinit(2)")));
        Assert.Equal("There is no mask-0 action called 'Zero'; did you mean 'zero'?", Error(() => Mask0.Get("Zero")));
        Assert.Equal("The mask-0 action zero takes no number, but 'zero(1)' gives it one.", Error(() => Mask0.Get("zero(1)")));
    }

    private static string Error(Func<object> get) => Assert.Throws<UserException>(get).Message;
}
