using Lottery.Masks;

namespace Lottery.Tests;

public class NamesTests
{
    [Fact]
    public void EveryNameFindsItsOwn()
    {
        Assert.Equal(["large-final", "random"], Criterion.All.Select(criterion => criterion.Name));
        Assert.Equal(["rewind"], Mask1.All.Select(action => action.Name));
        Assert.Equal(["zero"], Mask0.All.Select(action => action.Name));
        Assert.Equal(Criterion.All, Criterion.All.Select(criterion => Criterion.Get(criterion.Name)));
        Assert.Equal(Mask1.All, Mask1.All.Select(action => Mask1.Get(action.Name)));
        Assert.Equal(Mask0.All, Mask0.All.Select(action => Mask0.Get(action.Name)));
    }

    [Fact]
    public void AMisspeltNameSuggestsTheNearest()
    {
        Assert.Equal("There is no criterion called 'large-finl'; did you mean 'large-final'?", Error(() => Criterion.Get("large-finl")));
        Assert.Equal("There is no mask-1 action called 'rewnid'; did you mean 'rewind'?", Error(() => Mask1.Get("rewnid")));
        Assert.Equal("There is no mask-0 action called 'Zero'; did you mean 'zero'?", Error(() => Mask0.Get("Zero")));
        Assert.Equal("There is no criterion called 'magic': take one of large-final, random.", Error(() => Criterion.Get("magic")));
    }

    private static string Error(Func<object> get) => Assert.Throws<UserException>(get).Message;
}
