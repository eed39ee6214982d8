using Lottery.Studies.Store.Files;

namespace Lottery.TestSupport;

/// <summary>What happens at a call of the file system.</summary>
internal enum DiskFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The process ends before the call; of a write, half of the bytes are written.</summary>
    Kill,

    /// <summary>The machine loses power before the call: what was not flushed is empty or half there.</summary>
    PowerCut,

    /// <summary>The disk is full; of a write, half of the bytes are written.</summary>
    Full,

    /// <summary>The disk is full, and stays so for every later call that needs space.</summary>
    FullForGood,

    /// <summary>The disk fails.</summary>
    Failure,
}

/// <summary>The process was ended, as far as the disk is concerned: nothing it does afterwards reaches it.</summary>
internal sealed class ProcessEnded : Exception;

/// <summary>A disk on which one call fails, of those that stores in a folder make.</summary>
internal sealed class FaultyDisk(string root, int at = 0, DiskFault fault = DiskFault.None) : DiskWatch(root)
{
    private const int NoSpace = 28, BadDisk = 5;
    private readonly HashSet<string> _unflushed = [];
    private bool _isEnded, _isFull;

    /// <summary>The calls so far.</summary>
    public List<DiskStep> Steps { get; } = [];

    /// <summary>True once the fault has happened.</summary>
    public bool HasFailed => Steps.Count > at;

    public override Exception? Before(DiskStep step, ref int length)
    {
        lock (Steps)
        {
            if (_isEnded) return End(ref length, 0);
            if (_isFull && step.Call is DiskCall.CreateFolder or DiskCall.Open or DiskCall.Write or DiskCall.Link) return Full(ref length);
            Steps.Add(step);
            if (Steps.Count - 1 != at || fault == DiskFault.None)
            {
                Note(step);
                return null;
            }
            switch (fault)
            {
                case DiskFault.Kill:
                    return End(ref length, length / 2);
                case DiskFault.PowerCut:
                    foreach (string file in _unflushed.Where(File.Exists)) Cut(file);
                    return End(ref length, 0);
                case DiskFault.Full or DiskFault.FullForGood:
                    _isFull = fault == DiskFault.FullForGood;
                    return Full(ref length);
                default:
                    length = 0;
                    return new IOException("Input/output error", BadDisk);
            }
        }
    }

    private static IOException Full(ref int length)
    {
        length /= 2;
        return new IOException("No space left on device", NoSpace);
    }

    private static void Cut(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        stream.SetLength(file.Length % 2 == 0 ? 0 : stream.Length / 2);
    }

    private ProcessEnded End(ref int length, int written)
    {
        _isEnded = true;
        length = written;
        return new();
    }

    private void Note(DiskStep step)
    {
        if (step.Call is DiskCall.Write) _unflushed.Add(step.Path);
        else if (step.Call is DiskCall.Flush or DiskCall.Delete) _unflushed.Remove(step.Path);
        else if (step.Call is DiskCall.Rename or DiskCall.Link && step.From is { } from)
        {
            foreach (string path in _unflushed.Where(path => path == from || path.StartsWith(from + Path.DirectorySeparatorChar, StringComparison.Ordinal)).ToList())
                _unflushed.Add(step.Path + path[from.Length..]);
        }
    }
}
