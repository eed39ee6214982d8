namespace Lottery.Data.Formats;

/// <summary>Counts and checks class labels.</summary>
internal static class ClassCounter
{
    /// <summary>The number of classes of a user's own set: its training labels must be 0 to the largest, without gaps.</summary>
    public static int Count(FolderFormat format, DataLocation location, ReadOnlySpan<byte> training)
    {
        Span<bool> seen = stackalloc bool[256];
        foreach (byte label in training) seen[label] = true;
        int classes = seen.LastIndexOf(true) + 1, absent = seen[..classes].IndexOf(false);
        if (absent >= 0)
            throw format.Wrong(location, $"the training labels go up to {classes - 1}, but none is {absent}");
        return classes;
    }

    /// <summary>Checks that every label is below <paramref name="classes"/>.</summary>
    public static void Check(FolderFormat format, DataLocation location, string name, ReadOnlySpan<byte> labels, int classes)
    {
        int wrong = labels.IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (wrong >= 0)
            throw format.Wrong(location,
                $"expected labels from 0 to {classes - 1} in {name}, found {labels[wrong]} at index {wrong:N0}");
    }
}
