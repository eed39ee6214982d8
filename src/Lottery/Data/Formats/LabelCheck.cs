namespace Lottery.Data.Formats;

/// <summary>Counts and checks class labels.</summary>
internal static class LabelCheck
{
    /// <summary>The largest label.</summary>
    public static byte Largest(ReadOnlySpan<byte> labels)
    {
        byte largest = 0;
        foreach (byte label in labels) largest = Math.Max(largest, label);
        return largest;
    }

    /// <summary>The number of classes of a user's own set: its training labels must be 0 to the largest, without gaps.</summary>
    public static int Count(ReadOnlySpan<byte> training, Func<string, UserException> wrong)
    {
        Span<bool> seen = stackalloc bool[256];
        foreach (byte label in training) seen[label] = true;
        int classes = seen.LastIndexOf(true) + 1, absent = seen[..classes].IndexOf(false);
        return absent < 0 ? classes : throw wrong($"the training labels go up to {classes - 1}, but none is {absent}");
    }

    /// <summary>Checks that every label is below <paramref name="classes"/>.</summary>
    public static void Require(string name, ReadOnlySpan<byte> labels, int classes, Func<string, UserException> wrong)
    {
        int other = labels.IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (other >= 0) throw wrong($"expected labels from 0 to {classes - 1} in {name}, found {labels[other]} at index {other:N0}");
    }
}
