using System.Text;
using Lottery.Formats.Images;
using Lottery.Fuzz.Targets;
using Lottery.Networks;

namespace Lottery.UnitTests.Formats;

/// <summary>One image as a network takes it.</summary>
public sealed class ImageInputTests : IDisposable
{
    private static readonly byte[] s_six = [1, 2, 3, 4, 5, 6];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Grey_images_are_read_as_they_are()
    {
        Assert.Equal(s_six, Read(ImageSample.Png(2, 3, 1, s_six), new Shape(1, 2, 3)));
        Assert.Equal(s_six, Read(ImageSample.Png(2, 3, 1, s_six), Shape.Flat(6)));
        Assert.Equal(s_six, Read(Pgm("P5\n# made by hand\n3 2\n255\n", s_six), new Shape(1, 2, 3)));
        Assert.Equal(s_six, Read(Pgm("P5 3 2 255 ", s_six), Shape.Flat(6)));
    }

    [Fact]
    public void Colours_lie_channel_by_channel_and_become_grey_where_one_is_taken()
    {
        byte[] colours = [10, 20, 30, 11, 21, 31];
        Assert.Equal([10, 11, 20, 21, 30, 31], Read(ImageSample.Png(1, 2, 3, colours), new Shape(3, 1, 2)));
        Assert.Equal([10, 11, 20, 21, 30, 31], Read(ImageSample.Png(1, 2, 3, colours), Shape.Flat(6)));
        Assert.Equal(2, Read(ImageSample.Png(1, 2, 3, colours), new Shape(1, 1, 2)).Length);
    }

    [Fact]
    public void Grey_serves_for_all_three_colours()
    {
        Assert.Equal([.. s_six, .. s_six, .. s_six], Read(ImageSample.Png(2, 3, 1, s_six), new Shape(3, 2, 3)));
        Assert.Equal([.. s_six, .. s_six, .. s_six], Read(Pgm("P5 3 2 255\n", s_six), new Shape(3, 2, 3)));
    }

    [Theory]
    [InlineData(784, "is 2×3, but the network takes 28×28: give an image of that size.")]
    [InlineData(3072, "is 2×3, but the network takes 32×32 in colour: give an image of that size.")]
    [InlineData(20, "is 2×3, but the network takes 20 pixels: give an image of that size.")]
    public void Another_size_is_refused(int inputs, string sentence)
    {
        Assert.Equal($"{_folder["p"]} {sentence}", Refusal(ImageSample.Png(2, 3, 1, s_six), Shape.Flat(inputs)));
        Assert.Equal($"{_folder["p"]} {sentence}", Refusal(Pgm("P5 3 2 255\n", s_six), Shape.Flat(inputs)));
        Assert.EndsWith("is 3×2, but the network takes 2×3: give an image of that size.", Refusal(ImageSample.Png(3, 2, 1, s_six), new Shape(1, 2, 3)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("P5 3 2 254\n", "expected 255 as its largest value, found 254")]
    [InlineData("P5 3 3 255\n", "expected 9 pixels, found 6")]
    [InlineData("P5 3 x 255\n", "expected width, height and 255 after P5, found something else")]
    [InlineData("P5 99999 2 255\n", "expected an image of at most 4,096×4,096, found 2×99,999")]
    [InlineData("P6 3 2 255\n", "expected a PNG or JPEG file, found something else")]
    public void What_is_no_image_is_told(string header, string what) =>
        Assert.Equal($"{_folder["p"]}: {what}; save the image again as PNG, JPEG or PGM.", Refusal(Pgm(header, s_six), Shape.Flat(6)));

    [Fact]
    public void A_file_that_is_not_there_is_told() => Assert.Matches(
        "^.* cannot be read \\(.*\\); name a PNG, JPEG or PGM file.$", Assert.Throws<UserException>(() => ImageInput.Read(_folder["none"], Shape.Flat(6))).Message);

    private static byte[] Pgm(string header, byte[] pixels) => [.. Encoding.ASCII.GetBytes(header), .. pixels];

    private byte[] Read(byte[] file, Shape input)
    {
        File.WriteAllBytes(_folder["p"], file);
        return ImageInput.Read(_folder["p"], input);
    }

    private string Refusal(byte[] file, Shape input) => Assert.Throws<UserException>(() => Read(file, input)).Message;
}
