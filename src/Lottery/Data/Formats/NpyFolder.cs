using System.Collections.Immutable;

namespace Lottery.Data.Formats;

/// <summary>
/// A folder with four NumPy files: <c>x_train.npy</c>, <c>y_train.npy</c>, <c>x_test.npy</c>, <c>y_test.npy</c>.
/// </summary>
internal sealed class NpyFolder : FolderFormat
{
    private const string TrainImages = "x_train.npy", TrainLabels = "y_train.npy", TestImages = "x_test.npy", TestLabels = "y_test.npy";

    public override string Files => ".npy files";

    protected override string Expected => "four .npy files";

    protected override ImmutableArray<string> Names { get; } = [TrainImages, TrainLabels, TestImages, TestLabels];

    protected override Dataset Read(DataLocation location) =>
        Join(location, ReadPart(location, TrainImages, TrainLabels), TrainLabels, ReadPart(location, TestImages, TestLabels), TestLabels);

    private ContentHash.Part ReadPart(DataLocation location, string imagesName, string labelsName)
    {
        (byte[] pixels, ImageShape shape) = NpyFile.Images(Path.Combine(location.Folder, imagesName), Advice(location));
        byte[] labels = NpyFile.Labels(Path.Combine(location.Folder, labelsName), Advice(location));
        return PartOf(location, imagesName, pixels, shape, labelsName, labels);
    }
}
