using System.Collections.Immutable;

namespace Lottery.Data.Formats;

/// <summary>
/// A folder with four NumPy files: <c>x_train.npy</c>, <c>y_train.npy</c>, <c>x_test.npy</c>, <c>y_test.npy</c>; and
/// <c>x_val.npy</c>, <c>y_val.npy</c> if it has a validation set of its own.
/// </summary>
internal sealed class NpyFolder : FolderFormat
{
    public override string Files => ".npy files";

    protected override string Expected => "four .npy files";

    protected override ImmutableArray<string> Names { get; } = ["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"];

    protected override Dataset Read(DataLocation location)
    {
        SetParts parts = Parts(location);
        return parts.Join(ReadPart(parts, location, "train"), ReadValidation(parts, location), ReadPart(parts, location, "test"));
    }

    private LabelledPart? ReadValidation(SetParts parts, DataLocation location)
    {
        foreach (string part in (ReadOnlySpan<string>)["val", "valid"])
            if (Find(location.Folder, $"x_{part}.npy") is not null)
                return Find(location.Folder, $"y_{part}.npy") is not null ? ReadPart(parts, location, part)
                    : throw Wrong(location, $"found x_{part}.npy, but no y_{part}.npy");
        return null;
    }

    private LabelledPart ReadPart(SetParts parts, DataLocation location, string part)
    {
        string images = $"x_{part}.npy", labels = $"y_{part}.npy", advice = Advice(location);
        return parts.Part(images, NpyFile.Examples(Path.Combine(location.Folder, images), advice),
            labels, NpyFile.Labels(Path.Combine(location.Folder, labels), advice));
    }
}
