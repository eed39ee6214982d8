using System.Collections.Immutable;

namespace Lottery.Data;

/// <summary>
/// A folder with four NumPy files: <c>x_train.npy</c>, <c>y_train.npy</c>, <c>x_test.npy</c>, <c>y_test.npy</c>.
/// </summary>
internal sealed class NpyFolder : FolderFormat
{
    private const string TrainPictures = "x_train.npy", TrainLabels = "y_train.npy", TestPictures = "x_test.npy", TestLabels = "y_test.npy";

    public override string Files => ".npy files";

    protected override string Expected => "four .npy files";

    protected override ImmutableArray<string> Names { get; } = [TrainPictures, TrainLabels, TestPictures, TestLabels];

    protected override Dataset Read(DataPlace place) =>
        Join(place, ReadPart(place, TrainPictures, TrainLabels), TrainLabels, ReadPart(place, TestPictures, TestLabels), TestLabels);

    private ContentHash.Part ReadPart(DataPlace place, string picturesName, string labelsName)
    {
        (byte[] pixels, PictureShape shape) = NpyFile.Pictures(Path.Combine(place.Folder, picturesName), Advice(place));
        byte[] labels = NpyFile.Labels(Path.Combine(place.Folder, labelsName), Advice(place));
        return PartOf(place, picturesName, pixels, shape, labelsName, labels);
    }
}
