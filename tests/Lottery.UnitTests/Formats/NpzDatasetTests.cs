using System.IO.Compression;
using Lottery.Data;
using Lottery.Data.Formats;
using Lottery.Formats;

namespace Lottery.UnitTests.Formats;

public sealed class NpzDatasetTests : IDisposable
{
    private static readonly byte[] s_pixels = [.. Enumerable.Range(0, 72).Select(i => (byte)i)];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Names => new()
    {
        { "x_train y_train x_test y_test", "" },
        { "x_train y_train x_test y_test", "x_val y_val" },
        { "X_train Y_train X_test Y_test", "X_valid Y_valid" },
        { "train_images train_labels test_images test_labels", "val_images val_labels" },
        { "test_images test_labels train_images train_labels", "" },
        { "training_images training_labels test_images test_labels", "" },
        { "x_train y_train x_test y_test", "x_dev y_dev" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Arrays_are_found_by_the_names_of_Keras_and_MedMnist(string names, string validation)
    {
        string[] four = names.Split(' ');
        Write([.. four.Chunk(2).SelectMany(pair => Pair(pair[0], pair[1])), .. validation.Length == 0 ? [] : Pair(validation.Split(' ')[0], validation.Split(' ')[1])]);
        Dataset data = Load();
        Assert.Equal("set", data.Name);
        Assert.Equal(validation.Length == 0 ? 12 : 24, data.Train.Count);
        Assert.Equal(validation.Length == 0 ? 0 : 12, data.OwnValidation);
        Assert.Equal((new ImageShape(1, 2, 3), 3, 12), (data.Test.Shape, data.Classes, data.Test.Count));
        Assert.Equal(s_pixels, data.Test.Pixels.ToArray());
        Assert.Empty(data.Notes);
    }

    [Fact]
    public void X_and_y_alone_are_sampled_for_testing()
    {
        Write(("x", "u1", [12, 2, 3], s_pixels), ("y", "u1", [12], [.. Enumerable.Range(0, 12).Select(i => (byte)(i % 2))]));
        Dataset data = Load();
        Assert.Equal((10, 2, 2), (data.Train.Count, data.Test.Count, data.Classes));
        Assert.Contains("set has no test part; a fifth of each class, ", Assert.Single(data.Notes), StringComparison.Ordinal);
        Assert.Equal(s_pixels.Order(), data.Train.Pixels.ToArray().Concat(data.Test.Pixels.ToArray()).Order());
    }

    [Fact]
    public void Channels_may_be_last_and_labels_a_column()
    {
        byte[] last = new byte[72];
        for (int image = 0; image < 4; image++)
            for (int channel = 0; channel < 3; channel++)
                for (int pixel = 0; pixel < 6; pixel++) last[image * 18 + pixel * 3 + channel] = s_pixels[image * 18 + channel * 6 + pixel];
        // A side of 2 would be taken for channels.
        Write(("x_train", "u1", [1, 12, 2, 3], last), ("y_train", "i8", [1, 1], new byte[8]), ("x_test", "u1", [1, 12, 2, 3], last), ("y_test", "u1", [1, 1], new byte[1]));
        Dataset data = Load();
        Assert.Equal(new ImageShape(3, 12, 2), data.Train.Shape);
        for (int pixel = 0; pixel < 24; pixel++)
            for (int channel = 0; channel < 3; channel++) Assert.Equal(last[pixel * 3 + channel], data.Train.Pixels.Span[channel * 24 + pixel]);
    }

    [Theory]
    [InlineData("f4")]
    [InlineData("f8")]
    [InlineData("f2")]
    public void Floats_of_bytes_divided_by_255_are_those_bytes(string type)
    {
        byte[] values = [.. s_pixels.SelectMany(value => Bytes(type, value / 255.0))];
        Write(("x_train", type, [12, 2, 3], values), ("y_train", "u1", [12], Labels(12)), ("x_test", type, [12, 2, 3], values), ("y_test", "u1", [12], Labels(12)));
        Dataset data = Load();
        Assert.Equal(s_pixels, data.Train.Pixels.ToArray());
        Assert.Equal("the images are floats from 0 to 1; they are read as the bytes that were divided by 255", Assert.Single(data.Notes));
    }

    [Fact]
    public void Numbers_in_two_dimensions_are_features()
    {
        byte[] values = [.. Enumerable.Range(0, 72).SelectMany(i => BitConverter.GetBytes(i * 0.5f - 7))];
        Write(("x_train", "f4", [12, 6], values), ("y_train", "u1", [12], Labels(12)), ("x_test", "f4", [12, 6], values), ("y_test", "u1", [12], Labels(12)));
        Dataset data = Load();
        Assert.True(data.Train.AreNumeric);
        Assert.Equal(Enumerable.Range(0, 72).Select(i => i * 0.5f - 7), data.Train.Values.ToArray());
    }

    [Fact]
    public void One_hot_labels_are_the_column_of_the_one_and_labels_from_one_are_shifted()
    {
        byte[] hot = [.. Enumerable.Range(0, 12).SelectMany(i => Enumerable.Range(0, 3).SelectMany(column => BitConverter.GetBytes(column == i % 3 ? 1f : 0f)))];
        Write(("x_train", "u1", [12, 2, 3], s_pixels), ("y_train", "f4", [12, 3], hot), ("x_test", "u1", [12, 2, 3], s_pixels), ("y_test", "f4", [12, 3], hot));
        Dataset data = Load();
        Assert.Equal(Labels(12), data.Test.Labels.ToArray());
        Assert.Equal("labels are one-hot in 3 columns; the column of the 1 is the class", Assert.Single(data.Notes));

        byte[] fromOne = [.. Labels(12).Select(label => (byte)(label + 1))];
        Write(("x_train", "u1", [12, 2, 3], s_pixels), ("y_train", "u1", [12], fromOne), ("x_test", "u1", [12, 2, 3], s_pixels), ("y_test", "u1", [12], fromOne));
        data = Load();
        Assert.Equal((3, "the labels of set are 1 to 3; they are counted from 0"), (data.Classes, Assert.Single(data.Notes)));
        Assert.Equal(Labels(12), data.Train.Labels.ToArray());
    }

    public static TheoryData<string, int[], byte[], string> Wrong => new()
    {
        { "y_train", [12, 2], [1, 1, .. new byte[22]], "found 12 of 12 rows with none or several of 2 labels: a multi-label set, which is not supported; keep one column as the labels (y[:, k])" },
        { "y_train", [12, 2], [5, .. new byte[23]], "expected labels as [count], [count, 1] or one-hot rows of 0 and 1, found 12×2 with other numbers" },
        { "y_train", [11], Labels(11), "x_train has 12 images and y_train 11 labels" },
        { "y_train", [12], [.. Labels(11), 9], "the training labels go up to 9, but none is 3" },
        { "x_test", [12, 3, 2], s_pixels, "training images are 2×3, but test images are 3×2" },
        { "x_train", [72], s_pixels, "found 72" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_does_not_fit_is_told(string name, int[] shape, byte[] values, string sentence)
    {
        var arrays = Pair("x_train", "y_train").Concat(Pair("x_test", "y_test")).Select(array => array.Name == name ? (name, "u1", shape, values) : array);
        Write([.. arrays]);
        AssertWrong(sentence);
    }

    [Fact]
    public void Missing_arrays_are_named_with_those_that_are_there()
    {
        Write([.. Pair("x_train", "y_train"), Pair("x_test", "y_test").First()]);
        AssertWrong("it has x_test, but no labels for it among x_train, y_train, x_test");
        Write([.. Pair("a", "b")]);
        AssertWrong("expected arrays x_train, y_train, x_test and y_test, or train_images and so on, or x and y, found a, b");
        File.WriteAllBytes(_folder["set.npz"], [1, 2, 3]);
        AssertWrong("it is no zip archive, or a damaged one");
    }

    [Fact]
    public void An_array_that_claims_more_than_it_holds_allocates_nothing()
    {
        Write(("x_train", "u1", [2_000_000_000], []), ("y_train", "u1", [12], Labels(12)), ("x_test", "u1", [12, 2, 3], s_pixels), ("y_test", "u1", [12], Labels(12)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertWrong("x_train: expected 2,000,000,128 bytes for 2000000000, found 128");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    private static byte[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];

    private static byte[] Bytes(string type, double value) => type switch
    {
        "f2" => BitConverter.GetBytes((Half)value),
        "f4" => BitConverter.GetBytes((float)value),
        _ => BitConverter.GetBytes(value),
    };

    private static IEnumerable<(string Name, string Type, int[] Shape, byte[] Values)> Pair(string images, string labels) =>
        [(images, "u1", [12, 2, 3], s_pixels), (labels, "u1", [12], Labels(12))];

    private void Write(params (string Name, string Type, int[] Shape, byte[] Values)[] arrays)
    {
        using var archive = new ZipArchive(File.Create(_folder["set.npz"]), ZipArchiveMode.Create);
        foreach ((string name, string type, int[] shape, byte[] values) in arrays)
        {
            using Stream entry = archive.CreateEntry(name + ".npy").Open();
            entry.Write(new NpyHeader(type, [.. shape]).ToBytes());
            entry.Write(values);
        }
    }

    private Dataset Load() => DataSource.Load(_folder["set.npz"]);

    private void AssertWrong(string sentence)
    {
        string message = Assert.Throws<UserException>(Load).Message;
        Assert.StartsWith($"{_folder["set.npz"]}: ", message, StringComparison.Ordinal);
        Assert.Contains(sentence, message, StringComparison.Ordinal);
    }
}
