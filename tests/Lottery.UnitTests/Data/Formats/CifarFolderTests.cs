using CsCheck;
using Lottery.Data;

namespace Lottery.UnitTests.Data.Formats;

public sealed class CifarFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_batches_of_CIFAR_10_are_read_in_order_channel_after_channel()
    {
        CifarSample.Write10(_folder["toy"]);
        Dataset data = Dataset.Load(_folder["toy"]);
        Assert.Equal(("toy", 10, 20, 4), (data.Name, data.Classes, data.Train.Count, data.Test.Count));
        Assert.Equal(new ImageShape(3, 32, 32), data.Train.Shape);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)(i % 10)), data.Train.Labels.ToArray());
        for (int i = 0; i < 20; i++)
            for (int p = 0; p < 3072; p++)
                Assert.Equal(CifarSample.Pixel(i, p), data.Train.Pixels.Span[i * 3072 + p]);
        Assert.Equal(CifarSample.Pixel(20, 5), data.Test.Pixels.Span[5]);
        Assert.Equal(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"], data.ClassNames);
    }

    [Fact]
    public void CIFAR_100_counts_its_fine_labels()
    {
        CifarSample.Write100(_folder["toy"]);
        Dataset data = Dataset.Load(_folder["toy"]);
        Assert.Equal((100, 100, 3), (data.Classes, data.Train.Count, data.Test.Count));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)i), data.Train.Labels.ToArray());
        Assert.Equal(CifarSample.Pixel(2, 3071), data.Test.Pixels.Span[^1]);
        Assert.Empty(data.ClassNames);
    }

    [Fact]
    public void The_folder_of_the_unpacked_archive_is_found_in_the_one_that_is_given()
    {
        CifarSample.Write10(_folder["mine/cifar-10-batches-bin"]);
        CifarSample.Write100(_folder["other/cifar-100-binary"]);
        Assert.Equal(20, Dataset.Load(_folder["mine"]).Train.Count);
        Assert.Equal(100, Dataset.Load(_folder["other"]).Train.Count);
    }

    [Fact]
    public void The_hash_knows_the_shape_and_does_not_know_the_names()
    {
        CifarSample.Write10(_folder["toy"]);
        string hash = Dataset.Load(_folder["toy"]).Sha256;
        File.Delete(_folder["toy/batches.meta.txt"]);
        Assert.Equal(hash, Dataset.Load(_folder["toy"]).Sha256);
        Assert.Equal("2bd6199ecfcbcd018c4f4cdabf5091d2e74e0574cb6c1b8acbae1930525757fb", hash);
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error_and_never_a_smaller_set()
    {
        CifarSample.Write10(_folder["toy"]);
        byte[] whole = CifarSample.Records(2);
        Gen.Int[0, whole.Length + 20].Sample(length =>
        {
            File.WriteAllBytes(_folder["toy/data_batch_3.bin"], length <= whole.Length ? whole[..length] : [.. whole, .. new byte[length - whole.Length]]);
            if (length > 0 && length % 3073 == 0) Assert.Equal(16 + length / 3073, Dataset.Load(_folder["toy"]).Train.Count);
            else AssertWrong($"expected records of 3,073 bytes in data_batch_3.bin, found {length:N0} bytes in all");
        }, iter: 50, threads: 1);
    }

    [Fact]
    public void Every_file_but_the_names_has_to_be_there()
    {
        foreach (string name in CifarSample.Names10)
        {
            CifarSample.Write10(_folder["toy"]);
            File.Delete(_folder[$"toy/{name}"]);
            AssertWrong($"expected binary files of CIFAR-10 (data_batch_1.bin and so on, test_batch.bin), found no {name}");
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(255)]
    public void A_label_beyond_the_classes_is_an_error(byte label)
    {
        CifarSample.Write10(_folder["toy"]);
        byte[] records = CifarSample.Records(3);
        records[2 * 3073] = label;
        File.WriteAllBytes(_folder["toy/data_batch_2.bin"], records);
        AssertWrong($"expected labels from 0 to 9 in data_batch_2.bin, found {label} at index 2");
    }

    [Theory]
    [InlineData("one\ntwo\n")]
    [InlineData("a\nb\nc\nd\ne\nf\ng\nh\ni\n\u001b[2J\n")]
    [InlineData("")]
    public void Names_that_are_not_ten_names_are_an_error(string text)
    {
        CifarSample.Write10(_folder["toy"]);
        File.WriteAllText(_folder["toy/batches.meta.txt"], text);
        Assert.StartsWith($"{_folder["toy/batches.meta.txt"]}: expected the names of 10 classes, one a line, found something else; ",
            Assert.Throws<UserException>(() => Dataset.Load(_folder["toy"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_set_has_the_official_lengths()
    {
        var locator = new DatasetLocator(null, _folder.Path, "/nowhere");
        CifarSample.Write10(_folder["cifar-10/cifar-10-batches-bin"]);
        Assert.Equal(_folder["cifar-10/cifar-10-batches-bin"], locator.Locate("cifar-10").Folder);
        Assert.EndsWith("expected 30,730,000 bytes in test_batch.bin, found 12,292; `lottery data get cifar-10` fetches it again.",
            Assert.Throws<UserException>(() => Dataset.Load("cifar-10", locator)).Message, StringComparison.Ordinal);
        DatasetStatus status = DataVerify.Verify("cifar-10", locator);
        Assert.All(status.Files, file => Assert.Equal("expected 30,730,000 bytes, found 12,292", file.Fault));
    }

    [Fact]
    public void A_folder_without_any_set_says_what_is_read()
    {
        Directory.CreateDirectory(_folder["toy"]);
        Assert.StartsWith($"{_folder["toy"]}: expected idx files or binary files of CIFAR-10 or binary files of CIFAR-100 or .npy files, ",
            Assert.Throws<UserException>(() => Dataset.Load(_folder["toy"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_real_set_is_whole()
    {
        DatasetLocator locator = DatasetLocator.FromEnvironment();
        Assert.SkipUnless(locator.Find(KnownSet.Cifar10) is not null, "cifar-10 is not on this machine.");
        Dataset data = Dataset.Load("cifar-10", locator);
        Assert.Equal((50_000, 10_000, 3_072, 10), (data.Train.Count, data.Test.Count, data.Train.Features, data.Classes));
        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal(5_000, data.Train.Labels.Span.Count((byte)label)));
        Assert.Equal("airplane", data.ClassNames[0]);
    }

    private void AssertWrong(string sentence)
    {
        var error = Assert.Throws<UserException>(() => Dataset.Load(_folder["toy"]));
        Assert.Equal($"{_folder["toy"]}: {sentence}; give a folder with images and labels for training and testing as complete "
            + "binary files of CIFAR-10.", error.Message);
    }
}
