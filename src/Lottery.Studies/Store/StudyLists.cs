using System.Text;
using System.Text.RegularExpressions;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store;

/// <summary>Which runs belong to which study: one file for each study, with one id a line. It is not part of a run.</summary>
internal sealed partial class StudyLists(StorePaths paths)
{
    private const int IdLength = 64;

    /// <summary>The names of the studies, in ordinal order.</summary>
    public IEnumerable<string> Names => Directory.Exists(paths.Studies)
        ? Directory.EnumerateFiles(paths.Studies, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(name => NamePattern().IsMatch(name)).Order(StringComparer.Ordinal)
        : [];

    /// <summary>The ids of a study's runs in the order in which they were added; none where it is unknown.</summary>
    public IReadOnlyList<string> Read(string study)
    {
        string file = paths.Study(Checked(study));
        // A line that a crash tore is not an id; the run is added again when the study is started next.
        return File.Exists(file)
            ? [.. StoreErrors.Guard(file, () => Encoding.ASCII.GetString(DurableFile.Read(file)).Split('\n'))
                .Where(line => line.Length == IdLength).Distinct()]
            : [];
    }

    /// <summary>The studies of every run, in ordinal order.</summary>
    public ILookup<string, string> ByRun() =>
        Names.SelectMany(study => Read(study).Select(id => (id, study))).ToLookup(pair => pair.id, pair => pair.study);

    /// <summary>Adds runs to a study, and the study if it is new; the store's lock must be held.</summary>
    public void Add(string study, IEnumerable<string> ids)
    {
        IReadOnlyList<string> before = Read(study);
        List<string> after = [.. before.Concat(ids).Distinct()];
        if (after.Count > before.Count) Write(study, after);
    }

    /// <summary>Removes runs from every study; the store's lock must be held.</summary>
    public void Remove(IReadOnlySet<string> ids)
    {
        foreach (string study in Names.ToList())
        {
            IReadOnlyList<string> before = Read(study);
            List<string> after = [.. before.Where(id => !ids.Contains(id))];
            if (after.Count < before.Count) Write(study, after);
        }
    }

    private void Write(string study, List<string> ids)
    {
        Directory.CreateDirectory(paths.Studies);
        DurableFile.Replace(paths.Study(study), Encoding.ASCII.GetBytes(string.Concat(ids.Select(id => id + "\n"))));
    }

    /// <summary>The name, if it is a valid one.</summary>
    internal static string Checked(string study) => NamePattern().IsMatch(study)
        ? study
        : throw new UserException(
            $"'{study}' cannot name a study; use lower-case letters, digits, dots and hyphens (abc-1).");

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.\-]{0,99}\z")]
    private static partial Regex NamePattern();
}
