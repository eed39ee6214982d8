using CsCheck;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Fuzz.Targets;

namespace Lottery.UnitTests.Formats;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_are_folders_in_the_order_of_their_names()
    {
        foreach (string part in new[] { "train", "test" })
        {
            Write($"{part}/zebra/1.png", Colour(1));
            Write($"{part}/ant/2.PNG", Colour(2));
            Write($"{part}/ant/.hidden", [1]);
        }
        Write("train/ant/10.png", Colour(10));
        Dataset data = Load();
        Assert.Equal((2, 3, 2), (data.Classes, data.Train.Count, data.Test.Count));
        Assert.Equal(["ant", "zebra"], data.ClassNames);
        Assert.Equal(new ImageShape(3, 2, 3), data.Train.Shape);
        Assert.Equal([0, 0, 1], data.Train.Labels.ToArray());
        Assert.Equal([.. Planes(10), .. Planes(2), .. Planes(1)], data.Train.Pixels.ToArray());
        Assert.Equal(Path.GetFileName(_folder.Path), data.Name);
    }

    [Fact]
    public void Grey_images_have_one_channel_unless_another_has_colour()
    {
        Write("train/a/1.png", ImageSample.Png(2, 3, 1, [1, 2, 3, 4, 5, 6]));
        Write("test/a/2.png", ImageSample.Png(2, 3, 2, [9, 0, 8, 0, 7, 0, 6, 0, 5, 0, 4, 0]));
        Dataset grey = Load();
        Assert.Equal(new ImageShape(1, 2, 3), grey.Train.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], grey.Train.Pixels.ToArray());
        Assert.Equal([9, 8, 7, 6, 5, 4], grey.Test.Pixels.ToArray());
        Write("test/a/3.png", Colour(0));
        Dataset colour = Load();
        Assert.Equal([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], colour.Train.Pixels.ToArray());
    }

    [Fact]
    public void JPEG_files_are_read_too()
    {
        Write("train/a/1.jpg", ImageSample.Jpeg(colour: false));
        Write("test/a/2.jpeg", [.. ImageSample.Jpeg(colour: false), 0, 0]);
        Assert.Equal(Enumerable.Repeat((byte)228, 64), Load().Train.Pixels.ToArray());
        Write("train/a/1.jpg", ImageSample.Jpeg(colour: true));
        byte[] pixels = Load().Train.Pixels.ToArray();
        Assert.All(pixels[..64], red => Assert.InRange(red, 87, 89));
        Assert.All(pixels[64..128], green => Assert.Equal(255, green));
        Assert.All(pixels[128..], blue => Assert.InRange(blue, 227, 229));
    }

    [Fact]
    public void Without_train_and_test_a_fifth_of_each_class_is_drawn_for_testing()
    {
        for (int i = 0; i < 14; i++) Write($"a/{i:D2}.png", Colour((byte)i));
        for (int i = 0; i < 6; i++) Write($"b/{i:D2}.png", Colour((byte)(100 + i)));
        Write("c/0.png", Colour(200));
        Dataset data = Load();
        Assert.Equal((18, 3), (data.Train.Count, data.Test.Count));
        Assert.Equal([0, 0, 1], data.Test.Labels.ToArray());
        byte[] test = Firsts(data.Test), train = Firsts(data.Train);
        Assert.Equal([.. Enumerable.Range(0, 14).Select(i => (byte)i), .. Enumerable.Range(100, 6).Select(i => (byte)i), (byte)200],
            train.Concat(test).Order().ToArray());
        Assert.Equal(train.Order().ToArray(), train);
        Assert.Equal(data.Sha256, Load().Sha256);
        Assert.Equal([0, 3, 105], test);
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error()
    {
        foreach (byte[] file in new[] { Colour(7), ImageSample.Jpeg(colour: true), ImageSample.Jpeg(colour: false) })
        {
            Write("test/a/1.png", file);
            for (int length = 0; length < file.Length; length++)
            {
                Write("train/a/1.png", file[..length]);
                AssertWrong("; save the image again, or remove it from the folder.");
            }
        }
    }

    [Fact]
    public void A_file_changed_anywhere_is_an_error_or_a_image()
    {
        byte[][] files = [Colour(7), ImageSample.Jpeg(colour: true)];
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 10_000], Gen.Byte[1, 255]).Sample((which, offset, change) =>
        {
            byte[] file = [.. files[which]];
            file[offset % file.Length] ^= change;
            Write("train/a/1.png", file);
            Write("test/a/1.png", file);
            try
            {
                Assert.Equal(1, Load().Train.Count);
            }
            catch (UserException error)
            {
                Assert.StartsWith(_folder["train/a/1.png"], error.Message, StringComparison.Ordinal);
            }
        }, iter: 150, threads: 1);
    }

    [Fact]
    public void Pixels_that_inflate_to_more_than_the_image_has_are_not_inflated()
    {
        Write("train/a/1.png", ImageSample.Png(2, 3, (byte)2, ImageSample.ZLib(new byte[50_000_000])));
        Write("test/a/1.png", Colour(1));
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertWrong("train/a/1.png: expected at most 128 bytes of pixels for its size, found more; ");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(100_000, 2)]
    [InlineData(-1, 2)]
    [InlineData(0, 2)]
    public void A_header_that_asks_for_more_than_there_is_takes_no_memory(int height, int width)
    {
        Write("train/a/1.png", ImageSample.Png(height, width, (byte)2, ImageSample.ZLib([0])));
        Write("test/a/1.png", Colour(1));
        AssertWrong($"train/a/1.png: expected an image of at most 4,096×4,096, found {(uint)height:N0}×2; ");
    }

    [Fact]
    public void What_is_not_as_it_should_be_is_told()
    {
        AssertWrong("expected 1 to 256 subfolders, one for each class, found 0; ");
        Write("a/1.png", Colour(1));
        AssertWrong("no images are left for testing; ");
        for (int i = 2; i < 6; i++) Write($"a/{i}.png", Colour(1));
        Assert.Equal((4, 1), (Load().Train.Count, Load().Test.Count));
        Directory.CreateDirectory(_folder["b"]);
        AssertWrong("there are no training images of the class 'b'; ");
        Write("b/1.png", ImageSample.Png(3, 2, 3, new byte[18]));
        AssertWrong($"b/1.png is 3×2 and {_folder["a/1.png"]} is 2×3; resize all images to one size, or have it done: --resize 32x32, for example.");
        Write("b/1.png", Colour(1));
        Write("b/2.txt", [1]);
        AssertWrong("b/2.txt: expected .png, .jpg or .jpeg files, found another; ");
        File.Delete(_folder["b/2.txt"]);
        Write("b/3.png", "GIF89a"u8.ToArray());
        AssertWrong("b/3.png: expected a PNG or JPEG file, found something else; ");
        File.Delete(_folder["b/3.png"]);
        Directory.CreateDirectory(_folder["b/deeper"]);
        AssertWrong("b/deeper: expected images, found a folder; ");
    }

    [Fact]
    public void A_class_that_only_the_test_has_is_told()
    {
        Write("train/a/1.png", Colour(1));
        Write("test/a/1.png", Colour(1));
        Write("test/b/1.png", Colour(1));
        AssertWrong("test/b: there is no class 'b' in ");
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told() =>
        Assert.StartsWith("There is no folder /nowhere; ",
            Assert.Throws<UserException>(() => DataSource.Load("folder:/nowhere")).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_the_prefix_a_folder_is_one_of_set_files()
    {
        CifarSample.Write10(_folder.Path);
        Assert.Equal(20, DataSource.Load(_folder.Path).Train.Count);
    }

    private static byte[] Colour(byte first) =>
        ImageSample.Png(2, 3, 3, [.. Enumerable.Range(0, 18).Select(i => (byte)(first + i))]);

    private static byte[] Planes(byte first) =>
        [.. Enumerable.Range(0, 18).Select(i => (byte)(first + i % 6 * 3 + i / 6))];

    private static byte[] Firsts(Examples examples) =>
        [.. Enumerable.Range(0, examples.Count).Select(i => examples.Pixels.Span[i * examples.Features])];

    private void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllBytes(_folder[path], content);
    }

    private Dataset Load() => DataSource.Load("folder:" + _folder.Path);

    private void AssertWrong(string sentence)
    {
        var error = Assert.Throws<UserException>(Load);
        Assert.StartsWith(_folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }
}
