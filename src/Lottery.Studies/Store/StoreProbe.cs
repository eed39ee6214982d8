using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store;

/// <summary>Tries on the spot whether a file system gives what a store needs.</summary>
internal static partial class StoreProbe
{
    private const string One = "one", Other = "other";

    /// <summary>Tries it in a folder, or in the nearest one above that is there; nothing of that stays.</summary>
    /// <returns>A sentence for each thing that is missing; none where a store can be here.</returns>
    public static ImmutableArray<string> Check(string folder)
    {
        string there = Path.GetFullPath(folder);
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } above) there = above;
        string probe = Path.Combine(there, $"probe-{Guid.NewGuid():N}");
        var missing = ImmutableArray.CreateBuilder<string>();
        try
        {
            StoreDisk.CreateFolder(probe);
            Check(probe, what => missing.Add($"The file system of {there} {what}: choose a folder on another one with --store."));
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            missing.Add(StoreErrors.Explain(there, refusal, "choose a folder on another file system with --store").Message);
        }
        try
        {
            if (Directory.Exists(probe)) StoreDisk.DeleteFolder(probe);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            missing.Add(StoreErrors.Explain(probe, refusal, "choose a folder on another file system with --store").Message);
        }
        return missing.ToImmutable();
    }

    /// <summary>True for the name of a folder in which it is tried.</summary>
    public static bool IsProbe(string name) => ProbeName().IsMatch(name);

    private static void Check(string probe, Action<string> isMissing)
    {
        string one = Path.Combine(probe, One), other = Path.Combine(probe, Other);
        Write(one, 1);
        if (!Refuses(() => Write(one, 2)) || Read(one) != 1) isMissing("lets two processes create one file, so that both would train the same run");
        Write(other, 3);
        if (StoreDisk.Link(other, one) == true) isMissing("gives one name to two files, so that two processes would train the same run");
        if (!Directory.GetFiles(probe).Order().SequenceEqual([one, other])) isMissing("does not list the files that were just created, so that finished runs would not be found");
        StoreDisk.Rename(other, one);
        if (Read(one) != 3 || RegularFile.IsThere(other)) isMissing("does not replace a file in one step, so that a crash would leave a damaged one");
        using (FileStream stream = StoreDisk.Update(one, create: false)) StoreDisk.Write(stream, [4]);
        if (Read(one) != 4) isMissing("does not show what was just written, so that a process that is alive would be taken for dead");
        string full = Path.Combine(probe, "full"), another = Path.Combine(probe, "another");
        StoreDisk.CreateFolder(full);
        StoreDisk.Rename(one, Path.Combine(full, One));
        StoreDisk.CreateFolder(another);
        Write(Path.Combine(another, Other), 5);
        if (!Refuses(() => StoreDisk.RenameFolder(another, full))) isMissing("replaces a folder by another one, so that a finished run could be lost");
        StoreDisk.FlushFolder(probe);
    }

    private static void Write(string path, byte content)
    {
        using FileStream stream = StoreDisk.CreateNew(path);
        StoreDisk.Write(stream, [content]);
        StoreDisk.Flush(stream);
    }

    private static int Read(string path) => RegularFile.IsThere(path) && RegularFile.Read(path) is [var content] ? content : -1;

    private static bool Refuses(Action work)
    {
        try
        {
            work();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    [GeneratedRegex(@"^probe-[0-9a-f]{32}\z")]
    private static partial Regex ProbeName();
}
