using Lottery.Numerics;

namespace Lottery.UnitTests.Numerics;

public class AlignedBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public unsafe void StartsOnACacheLineAndIsZero(int length)
    {
        using var buffer = new AlignedBuffer<float>(length);
        Assert.Equal(0, (long)buffer.Pointer % 64);
        Assert.Equal(length, buffer.Span.Length);
        Assert.True(buffer.Span.IndexOfAnyExcept(0.0f) < 0);
    }

    [Fact]
    public void ClearsAndEnds()
    {
        var buffer = new AlignedBuffer<int>(5);
        buffer.Span.Fill(7);
        Assert.Equal(7, buffer.Span[4]);
        buffer.Clear();
        Assert.Equal(0, buffer.Span[4]);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer<int>(-1));
    }
}
