using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Maintenance;

/// <summary>
/// The runs that a check of the whole store has found to be as they were written, so that one that was interrupted goes on where it stopped.
/// A run counts as long as its files look as they did. A check that is done forgets them: the next one reads every byte again.
/// </summary>
internal sealed class VerifiedRuns : IDisposable
{
    private readonly StorePaths _paths;
    private readonly HashSet<string> _known = [];
    private readonly Lock _lock = new();
    private FileStream? _file;

    /// <summary>What an interrupted check left.</summary>
    /// <param name="paths">The paths of the store.</param>
    /// <param name="again">Whether that is forgotten.</param>
    /// <param name="warn">Receives a sentence where nothing can be remembered.</param>
    public VerifiedRuns(StorePaths paths, bool again, Action<string> warn)
    {
        _paths = paths;
        try
        {
            if (again) StoreDisk.Delete(paths.VerifiedFile);
            else if (RegularFile.HasContent(paths.VerifiedFile)) _known.UnionWith(Encoding.ASCII.GetString(RegularFile.Read(paths.VerifiedFile, int.MaxValue)).Split('\n'));
            _file = StoreDisk.Append(paths.VerifiedFile);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            warn($"What is checked cannot be noted in {paths.VerifiedFile} ({refusal.Message.TrimEnd('.')}); a check that is interrupted begins anew.");
        }
    }

    /// <summary>How a run's files look now; to be asked before they are read.</summary>
    public string LookOf(string id)
    {
        string folder = _paths.Run(id);
        var look = new StringBuilder(id);
        foreach (string name in (string[])[StorePaths.RunFile, StorePaths.MetricsFile, StorePaths.TensorsFile, StorePaths.DigestFile])
            look.Append(CultureInfo.InvariantCulture, $" {RunStamp.Describe(folder, name)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(look.ToString())));
    }

    /// <summary>True if a run that looks so was checked.</summary>
    public bool Has(string look) => _known.Contains(look);

    /// <summary>Notes that a run that looks so is as it was written; safe to call from several threads.</summary>
    public void Add(string look)
    {
        lock (_lock)
        {
            if (_file is null) return;
            try
            {
                StoreDisk.Write(_file, Encoding.ASCII.GetBytes(look + "\n"));
            }
            catch (IOException)
            {
                Dispose();
            }
        }
    }

    /// <summary>Forgets all: every run was checked.</summary>
    public void Complete()
    {
        if (_file is null) return;
        Dispose();
        StoreErrors.Guard(_paths.VerifiedFile, () => StoreDisk.Delete(_paths.VerifiedFile));
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
