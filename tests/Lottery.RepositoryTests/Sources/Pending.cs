namespace Lottery.RepositoryTests.Sources;

/// <summary>What is not yet refused. To be emptied: nothing is added here.</summary>
internal static class Pending
{
    public static string[] Words { get; } = [];

    public static string[] Names { get; } = [];

    public static string[] Folders { get; } = ["src/Lottery/Data"];
}
