namespace Lottery.Data;

/// <summary>The classes that labels name.</summary>
internal static class ClassCounter
{
    /// <summary>The number of classes of a user's own set: its training labels are 0 up to the largest, none left out.</summary>
    public static int Count(FolderFormat format, DataPlace place, ReadOnlySpan<byte> training)
    {
        Span<bool> seen = stackalloc bool[256];
        foreach (byte label in training) seen[label] = true;
        int classes = seen.LastIndexOf(true) + 1, absent = seen[..classes].IndexOf(false);
        if (absent >= 0)
            throw format.Wrong(place, $"the labels to train on go up to {classes - 1} but never are {absent}");
        return classes;
    }

    /// <summary>Checks that every label is below <paramref name="classes"/>.</summary>
    public static void Check(FolderFormat format, DataPlace place, string name, ReadOnlySpan<byte> labels, int classes)
    {
        int wrong = labels.IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (wrong >= 0)
            throw format.Wrong(place,
                $"expected labels from 0 to {classes - 1} in {name}, found {labels[wrong]} at place {wrong:N0}");
    }
}
