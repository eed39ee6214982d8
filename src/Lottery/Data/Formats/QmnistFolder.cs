namespace Lottery.Data.Formats;

/// <summary>
/// A folder with QMNIST's idx files (Yadav and Bottou 2019). A label is a row of eight integers, of which the first is the digit.
/// </summary>
internal sealed class QmnistFolder() : IdxFolder("idx files of QMNIST",
    ["qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int", "qmnist-test-images-idx3-ubyte", "qmnist-test-labels-idx2-int"])
{
    protected override byte[] ReadLabels(DataLocation location, string path)
    {
        IdxFile rows = IdxFile.Read(path, rank: 2, Advice(location), IdxHeader.IntegersType);
        int count = rows.Dimensions[0], length = sizeof(int) * rows.Dimensions[1];
        var labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> digit = rows.Values.Span.Slice(i * length, sizeof(int));
            labels[i] = digit is [0, 0, 0, var value] ? value
                : throw new UserException($"{path}: expected digits as the first of each row, found another number in row {i:N0}; {Advice(location)}.");
        }
        return labels;
    }
}
