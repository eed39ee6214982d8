namespace Lottery.Bench;

/// <summary>The tree that this program was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Lottery.slnx")) ? folder
        : Path.GetDirectoryName(folder) is { } parent ? Find(parent)
        : throw new UserException($"{AppContext.BaseDirectory} is in no tree of Lottery's; run ./dev bench.");
}
