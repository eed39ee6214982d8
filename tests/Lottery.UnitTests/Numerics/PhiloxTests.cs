using Lottery.Numerics;

namespace Lottery.UnitTests.Numerics;

public class PhiloxTests
{
    // The vectors "philox4x32 10" of the Random123 distribution's kat_vectors: counter, key, result.
    [Theory]
    [InlineData("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void AgreesWithThePublishedVectors(string counter, string key, string expected)
    {
        uint[] c = Words(counter), k = Words(key);
        Philox.Block block = Philox.At(new(c[0], c[1], c[2], c[3]), k[0], k[1]);
        Assert.Equal(Words(expected), (uint[])[block.X0, block.X1, block.X2, block.X3]);
    }

    private static uint[] Words(string text) => [.. text.Split(' ').Select(word => Convert.ToUInt32(word, 16))];
}
