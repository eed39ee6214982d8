using Lottery.Data;
using static Lottery.Fuzz.Targets.CifarPickleSample;

namespace Lottery.UnitTests.Data.Formats;

public sealed class CifarPickleFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_Python_version_of_CIFAR_10_is_read(bool python2)
    {
        for (int i = 1; i <= 5; i++) Write($"cifar-10-batches-py/data_batch_{i}", Batch(2, i, "labels", python2));
        Write("cifar-10-batches-py/test_batch", Batch(3, 9, "labels", python2));
        Write("cifar-10-batches-py/batches.meta", Names("label_names", python2, "cat", "dog"));
        Dataset data = Dataset.Load(_folder.Path);
        Assert.Equal((10, 3, new ImageShape(3, 32, 32), 2), (data.Train.Count, data.Test.Count, data.Test.Shape, data.Classes));
        Assert.Equal(["cat", "dog"], data.ClassNames);
        Assert.Equal([0, 1, 0, 1, 0, 1, 0, 1, 0, 1], data.Train.Labels.ToArray());
        Assert.Equal(Pixels(2, 3), data.Train.Pixels.Slice(4 * 3072, 2 * 3072).ToArray());
        Assert.Equal("cifar-10-batches-py", data.Name);
    }

    [Fact]
    public void The_Python_version_of_CIFAR_100_has_its_fine_labels()
    {
        Write("train", Batch(2, 1, "fine_labels", python2: true));
        Write("test", Batch(1, 2, "fine_labels", python2: true));
        Assert.Equal((2, 1, 100), (Dataset.Load(_folder.Path).Train.Count, Dataset.Load(_folder.Path).Test.Count, Dataset.Load(_folder.Path).Classes));
    }

    [Fact]
    public void A_pickle_that_asks_for_anything_else_is_refused_and_nothing_is_executed()
    {
        Write("train", "cos\nsystem\n(S'touch /tmp/pwned'\ntR."u8.ToArray());
        Write("test", Batch(1, 2, "fine_labels", python2: true));
        string message = Assert.Throws<UserException>(() => Dataset.Load(_folder.Path)).Message;
        Assert.StartsWith($"{_folder["train"]}: it asks for os.system", message, StringComparison.Ordinal);
        Write("train", Pickle(Text("data", true), Text("no array", true)));
        Assert.Contains("it has no array of bytes as data", Assert.Throws<UserException>(() => Dataset.Load(_folder.Path)).Message, StringComparison.Ordinal);
        byte[] whole = Batch(2, 1, "fine_labels", python2: false);
        foreach (int length in Enumerable.Range(0, whole.Length).Where(length => length % 97 == 0))
        {
            Write("train", whole[..length]);
            Assert.Throws<UserException>(() => Dataset.Load(_folder.Path));
        }
    }

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllBytes(_folder[name], content);
    }
}
