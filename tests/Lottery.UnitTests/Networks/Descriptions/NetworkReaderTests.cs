using Lottery.Networks.Descriptions;

namespace Lottery.UnitTests.Networks.Descriptions;

/// <summary>A description may come from an untrusted file: it is read exactly, or refused.</summary>
public class NetworkReaderTests
{
    [Theory]
    [InlineData("784", "describes no network")]
    [InlineData("784 output=linear(10) normal", "unknown initial distribution, 'normal'")]
    [InlineData("0 output=linear(10) glorot-normal", "size '0'")]
    [InlineData("3x0x5 flatten output=linear(10) glorot-normal", "size '0'")]
    [InlineData("3x5 flatten output=linear(10) glorot-normal", "'3x5' is no shape")]
    [InlineData("784 output=linear(0) glorot-normal", "size '0'")]
    [InlineData("784 output=linear(-1) glorot-normal", "size '-1'")]
    [InlineData("784 output=linear(010) glorot-normal", "not written as it would be")]
    [InlineData("784 output=linear(10,unprnd) glorot-normal", "not written as it would be")]
    [InlineData("784 output=linear(99999999999) glorot-normal", "size '99999999999'")]
    [InlineData("784 output=linear(2147483647) glorot-normal", "too large")]
    [InlineData("16384 output=linear(16385) glorot-normal", "268435456 weights")]
    [InlineData("784 d=dropout(x) output=linear(10) glorot-normal", "fraction 'x'")]
    [InlineData("784 d=dropout(NaN) output=linear(10) glorot-normal", "rate NaN")]
    [InlineData("784 spin output=linear(10) glorot-normal", "unknown kind, 'spin'")]
    [InlineData("1x4x4 conv1=conv(3,3,stride=0) flatten output=linear(10) glorot-normal", "size '0'")]
    [InlineData("1x4x4 conv1=conv(3,3,padding=2147483647) flatten output=linear(10) glorot-normal", "too large")]
    [InlineData("1x4x4 conv1=conv(1,16000,stride=9999,padding=16000) flatten output=linear(1) glorot-normal", "values between layers")]
    [InlineData("1x9000x9000 global-average-pool output=linear(10) glorot-normal", "values between layers")]
    [InlineData("1x4x4 zero-pad(4,4) flatten output=linear(10) glorot-normal", "not written as it would be")]
    [InlineData("1x4x4 [ relu | zero-pad(2,stride=1) ] flatten output=linear(10) glorot-normal", "impossible (The block")]
    [InlineData("1x4x4 flatten output=linear(10) ] glorot-normal", "nothing began")]
    public void What_is_no_description_is_refused_in_a_sentence(string description, string why) => Assert.Contains(
        why, Assert.Throws<FormatException>(() => NetworkReader.Read(description, "untrusted")).Message, StringComparison.Ordinal);

    [Fact]
    public void Layers_do_not_follow_one_another_without_end() => Assert.Contains("10000 layers",
        Assert.Throws<FormatException>(() => NetworkReader.Read(
            $"4 {string.Concat(Enumerable.Repeat("relu ", 1_000_000))}output=linear(2) glorot-normal", "long")).Message, StringComparison.Ordinal);

    [Fact]
    public void Blocks_do_not_lie_in_one_another_without_end() => Assert.Contains("deep in one another",
        Assert.Throws<FormatException>(() => NetworkReader.Read(
            $"1x4x4 {string.Concat(Enumerable.Repeat("[ ", 9_000))} glorot-normal", "deep")).Message, StringComparison.Ordinal);
}
