using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.UnitTests.Networks;

public class MaskTests
{
    private static readonly Network Tiny = NetworkCatalogue.Get("mlp:2-3-2");

    [Fact]
    public void CountsWhatIsKept()
    {
        Mask mask = Mask.Full(Tiny);
        Assert.Equal((12, 1.0), (mask.Kept, mask.Density));
        mask[2]![0] = false;
        Assert.Equal((11, 11.0 / 12.0), (mask.Kept, mask.Density));
        Assert.Null(mask[1]);
    }

    [Fact]
    public void EqualBitsAreEqualMasks()
    {
        Mask mask = Mask.Full(Tiny), other = Mask.Full(Tiny);
        Assert.Equal(mask, other);
        Assert.Equal(mask.GetHashCode(), other.GetHashCode());
        other[0]![5] = false;
        Assert.NotEqual(mask, other);
    }

    [Fact]
    public void EveryWeightHasOneBit()
    {
        Assert.Throws<ArgumentException>(() => new Mask(Tiny, [new BitSet(5), null, new BitSet(6), null]));
        Assert.Throws<ArgumentException>(() => new Mask(Tiny, [new BitSet(6), new BitSet(3), new BitSet(6), null]));
        Assert.Throws<ArgumentException>(() => new Mask(Tiny, [null, null, new BitSet(6), null]));
        Assert.Throws<ArgumentException>(() => new Mask(Tiny, [new BitSet(6), null, new BitSet(6)]));
    }
}
