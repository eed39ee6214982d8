using Lottery.Data;
using Lottery.Formats;
using Lottery.Formats.Images;
using Lottery.Fuzz.Targets;

namespace Lottery.UnitTests.Formats;

/// <summary>Folders of images as cameras, archivers and file managers leave them.</summary>
public sealed class ImageFolderAsTheyComeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("val")]
    [InlineData("valid")]
    [InlineData("Validation")]
    public void A_folder_val_is_the_validation_set_or_without_test_the_test_set(string name)
    {
        for (byte i = 0; i < 3; i++) Write($"train/a/{i}.png", Grey(i));
        Write($"{name}/a/0.png", Grey(100));
        Dataset data = Load();
        Assert.Equal((3, 0, 1), (data.Train.Count, data.OwnValidation, data.Test.Count));
        Assert.Contains("has no test part; its validation set is used for testing, and another is held back from the training examples",
            Assert.Single(data.Notes), StringComparison.Ordinal);
        Write("test/a/0.png", Grey(200));
        data = Load();
        Assert.Equal((4, 1, 1), (data.Train.Count, data.OwnValidation, data.Test.Count));
        Assert.Equal([0, 1, 2, 100, 200], [.. Firsts(data.Train), .. Firsts(data.Test)]);
        Assert.Empty(data.Notes);
    }

    [Fact]
    public void What_file_managers_and_archivers_leave_is_passed_over()
    {
        Write("train/a/0.png", Grey(0));
        Write("test/a/0.png", Grey(0));
        string clean = Load().Sha256;
        foreach (string junk in new[]
        {
            "train/a/Thumbs.db", "train/a/desktop.ini", "train/a/.DS_Store", "train/a/._0.png", "test/__MACOSX/x", "train/.ipynb_checkpoints/0.png",
            "train/a/.ipynb_checkpoints/0.png", "train/a/@eaDir/0.png/thumb.jpg", "__MACOSX/train/a/._0.png", "train/README.txt", "train/a/ehthumbs.db",
        }) Write(junk, [1, 2, 3]);
        Assert.Equal(clean, Load().Sha256);
    }

    public static TheoryData<string> Trailers =>
    [
        "000000", "2020200D0A", "FFFFFF", Convert.ToHexString("SEFHk\0\0\0\u0001\0\0\0SEFT"u8),
        Convert.ToHexString([.. "\0\0\0\u0018ftypmp42"u8, 0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]), Convert.ToHexString(ImageSample.Jpeg(colour: true)),
    ];

    [Theory]
    [MemberData(nameof(Trailers))]
    public void What_follows_a_JPEG_image_is_ignored(string trailer)
    {
        Write("train/a/0.jpg", ImageSample.Jpeg(colour: false));
        Write("test/a/0.jpg", ImageSample.Jpeg(colour: false));
        string clean = Load().Sha256;
        Write("train/a/0.jpg", [.. ImageSample.Jpeg(colour: false), .. Convert.FromHexString(trailer)]);
        Assert.Equal(clean, Load().Sha256);
    }

    [Fact]
    public void The_image_that_makes_all_have_three_channels_is_named()
    {
        Write("train/a/0.png", Grey(1));
        Write("train/a/1.png", Grey(2));
        Write("test/a/0.png", ImageSample.Png(2, 3, 3, new byte[18]));
        Dataset data = Load();
        Assert.Equal(3, data.Train.Shape.Channels);
        Assert.Equal($"{_folder["test/a/0.png"]} is in colour, so all images of {data.Name} have three channels, also the 2 of 3 that are grey", Assert.Single(data.Notes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Twelve_bits_in_sixteen_are_noticed(byte filter)
    {
        ushort[] values = [0, 4095, 2048, 1000, 16, 15];
        Write("train/a/0.png", Deep(values, filter));
        Write("test/a/0.png", Deep(values, filter));
        Dataset data = Load();
        Assert.Equal([0, 255, 128, 62, 1, 0], data.Train.Pixels.ToArray());
        Assert.Equal($"no value of the 16-bit images of {data.Name} is above 4,095; the upper eight of twelve bits are used", Assert.Single(data.Notes));
        Write("test/a/0.png", Deep([0, 4096, 65535, 0, 0, 0], filter));
        data = Load();
        Assert.Equal([0, 15, 8, 3, 0, 0], data.Train.Pixels.ToArray());
        Assert.Empty(data.Notes);
    }

    [Fact]
    public void Images_of_several_sizes_are_resized_on_request()
    {
        Write("train/a/0.png", Grey(90));
        Write("test/a/0.png", ImageSample.Png(4, 4, 1, [.. Enumerable.Repeat((byte)7, 16)]));
        string wrong = Assert.Throws<UserException>(Load).Message;
        Assert.EndsWith("resize all images to one size, or have it done: --resize 32x32, for example.", wrong, StringComparison.Ordinal);
        Dataset data = DataSource.Load($"folder:{_folder.Path}@2x2");
        Assert.Equal(new ImageShape(1, 2, 2), data.Train.Shape);
        Assert.Equal([7, 7, 7, 7], data.Test.Pixels.ToArray());
        Assert.Equal($"images of {data.Name} are resized to 2×2, whatever their proportions", Assert.Single(data.Notes));
        Assert.Equal(Load(2, 3).Train.Pixels.ToArray(), Grey6(90));
    }

    [Fact]
    public void Resizing_is_a_mean_of_what_a_pixel_covers()
    {
        byte[] halved = new byte[2], doubled = new byte[4];
        ImageResizer.Resize([0, 0, 100, 100, 200, 200, 200, 200], (2, 4), halved, (1, 2));
        Assert.Equal([107, 143], halved);
        ImageResizer.Resize([0, 100], (1, 2), doubled, (1, 4));
        Assert.Equal([0, 25, 75, 100], doubled);
        var constant = new byte[7 * 5];
        ImageResizer.Resize([.. Enumerable.Repeat((byte)77, 90)], (10, 9), constant, (7, 5));
        Assert.All(constant, value => Assert.Equal(77, value));
    }

    private static byte[] Grey(byte first) => ImageSample.Png(2, 3, 1, Grey6(first));

    private static byte[] Grey6(byte first) => [.. Enumerable.Range(0, 6).Select(i => (byte)(first + i))];

    /// <summary>A grey PNG of 2×3 pixels of 16 bits, with one filter for both rows.</summary>
    private static byte[] Deep(ushort[] values, byte filter)
    {
        byte[] rows = [.. values.SelectMany(value => new[] { (byte)(value >> 8), (byte)value })], filtered = new byte[14];
        for (int y = 0; y < 2; y++)
        {
            filtered[7 * y] = filter;
            for (int x = 0; x < 6; x++)
            {
                int left = x < 2 ? 0 : rows[6 * y + x - 2], up = y == 0 ? 0 : rows[x], corner = x < 2 || y == 0 ? 0 : rows[x - 2];
                int estimate = left + up - corner, toLeft = Math.Abs(estimate - left), toUp = Math.Abs(estimate - up), toCorner = Math.Abs(estimate - corner);
                int predicted = filter switch
                {
                    0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2,
                    _ => toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner,
                };
                filtered[7 * y + 1 + x] = (byte)(rows[6 * y + x] - predicted);
            }
        }
        byte[] file = ImageSample.Png(2, 3, (byte)0, ImageSample.ZLib(filtered));
        file[24] = 16;
        return file;
    }

    private static byte[] Firsts(Examples examples) =>
        [.. Enumerable.Range(0, examples.Count).Select(i => examples.Pixels.Span[i * examples.Features])];

    private void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllBytes(_folder[path], content);
    }

    private Dataset Load() => DataSource.Load("folder:" + _folder.Path);

    private Dataset Load(int height, int width) => DataSource.Load($"folder:{_folder.Path}@{height}x{width}");
}
