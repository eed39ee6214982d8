namespace Lottery.Studies.Store.Files;

/// <summary>A kind of call that changes something on the disk.</summary>
internal enum DiskCall
{
    /// <summary>Creates a folder.</summary>
    CreateFolder,

    /// <summary>Opens a file for writing, which may create it.</summary>
    Open,

    /// <summary>Writes bytes.</summary>
    Write,

    /// <summary>Waits until the disk has a file's bytes.</summary>
    Flush,

    /// <summary>Gives a file a name that must be free.</summary>
    Link,

    /// <summary>Renames a file or a folder; the path is the new one.</summary>
    Rename,

    /// <summary>Deletes a file.</summary>
    Delete,

    /// <summary>Deletes an empty folder.</summary>
    DeleteFolder,

    /// <summary>Waits until the disk has the names in a folder.</summary>
    FlushFolder,
}

/// <summary>One call.</summary>
/// <param name="Call">Its kind.</param>
/// <param name="Path">The full path.</param>
/// <param name="From">Of a link and of renaming, the path that there is.</param>
internal readonly record struct DiskStep(DiskCall Call, string Path, string? From);

/// <summary>Sees every call by which stores in a folder change something on the disk, and may make it fail; for tests.</summary>
internal abstract class DiskWatch : IDisposable
{
    private readonly string _root;

    /// <summary>Begins to watch.</summary>
    /// <param name="root">The folder; the calls on all paths in it are seen.</param>
    protected DiskWatch(string root)
    {
        _root = Path.GetFullPath(root);
        StoreDisk.Add(this);
    }

    /// <summary>Called before a call is made, on its thread.</summary>
    /// <param name="step">The call.</param>
    /// <param name="length">Of a write that fails, how many bytes are written before; else all of them.</param>
    /// <returns>
    /// What the call throws instead of being made; null where it is made. A <see cref="NotSupportedException"/> of a link means that the
    /// file system has none.
    /// </returns>
    public abstract Exception? Before(DiskStep step, ref int length);

    /// <summary>True for a path in the folder.</summary>
    public bool Sees(string path) => path.StartsWith(_root, StringComparison.Ordinal);

    /// <summary>Ends to watch.</summary>
    public void Dispose() => StoreDisk.Remove(this);
}
