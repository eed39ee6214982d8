using System.IO.Compression;
using System.Text;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Fuzz.Targets;

namespace Lottery.UnitTests.Formats;

public sealed class TinyImageNetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static List<(string Name, byte[] Content)> Whole =>
    [
        ("wnids.txt", "n2\nn1\n"u8.ToArray()), ("words.txt", "n0\tno\nn1\tgoldfish, Carassius\nn2\tnewt\n"u8.ToArray()),
        ("train/n1/images/n1_10.JPEG", ImageSample.Jpeg(colour: false)), ("train/n1/images/n1_9.JPEG", ImageSample.Jpeg(colour: true)),
        ("train/n1/n1_boxes.txt", "x"u8.ToArray()), ("train/n2/images/n2_0.JPEG", ImageSample.Jpeg(colour: true)),
        ("val/images/val_0.JPEG", ImageSample.Jpeg(colour: true)), ("val/images/val_1.JPEG", ImageSample.Jpeg(colour: false)),
        ("val/val_annotations.txt", "val_0.JPEG\tn2\t0\t0\t1\t1\nval_1.JPEG\tn1\t0\t0\t1\t1\n"u8.ToArray()), ("test/images/test_0.JPEG", [1]),
    ];

    [Fact]
    public void The_archive_is_read_as_it_was_downloaded()
    {
        Write(Whole);
        Dataset data = DataSource.Load(_folder.Path);
        Assert.Equal((3, 2, 2), (data.Train.Count, data.Test.Count, data.Classes));
        Assert.Equal(["goldfish", "newt"], data.ClassNames);
        Assert.Equal([0, 0, 1], data.Train.Labels.ToArray());
        Assert.Equal([1, 0], data.Test.Labels.ToArray());
        Assert.Equal(new ImageShape(3, 8, 8), data.Train.Shape);
        // n1_9 stands before n1_10: colour, then grey.
        Assert.InRange(data.Train.Pixels.Span[0], 87, 89);
        Assert.Equal(228, data.Train.Pixels.Span[192]);
    }

    [Theory]
    [InlineData("wnids.txt", "", "expected 1 to 256 different classes in wnids.txt, found 0 lines")]
    [InlineData("wnids.txt", "n1\nn1\n", "expected 1 to 256 different classes in wnids.txt, found 2 lines")]
    [InlineData("val/val_annotations.txt", "val_9.JPEG\tn1\n", "expected an image and its class in each line of val_annotations.txt")]
    [InlineData("val/val_annotations.txt", "val_0.JPEG\tn7\n", "expected an image and its class in each line of val_annotations.txt")]
    [InlineData("train/n1/images/n1_9.JPEG", "no image", "train/n1/images/n1_9.JPEG: expected a PNG or JPEG file")]
    public void What_is_wrong_with_it_is_told(string name, string content, string sentence)
    {
        List<(string Name, byte[] Content)> files = [.. Whole.Select(file => file.Name == name ? (name, Encoding.UTF8.GetBytes(content)) : file)];
        Write(files);
        AssertWrong(sentence);
        Write([.. Whole.Where(file => file.Name != "wnids.txt")]);
        AssertWrong("it has no tiny-imagenet-200/wnids.txt");
        File.WriteAllBytes(_folder["tiny-imagenet-200.zip"], [1, 2, 3]);
        AssertWrong("tiny-imagenet-200.zip: ");
    }

    private void Write(List<(string Name, byte[] Content)> files)
    {
        using var archive = new ZipArchive(File.Create(_folder["tiny-imagenet-200.zip"]), ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in files)
        {
            using Stream entry = archive.CreateEntry("tiny-imagenet-200/" + name).Open();
            entry.Write(content);
        }
    }

    private void AssertWrong(string sentence) =>
        Assert.Contains(sentence, Assert.Throws<UserException>(() => DataSource.Load(_folder.Path)).Message, StringComparison.Ordinal);
}
