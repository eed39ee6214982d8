namespace Lottery.RepositoryTests.Sources;

/// <summary>What is not yet refused. To be emptied: nothing is added here.</summary>
internal static class Pending
{
    public static string[] Words { get; } = ["room", "sitting", "verb", "tap", "made again", "level start", "whole number"];

    public static string[] Names { get; } = ["Operation", "Node"];

    public static string[] Folders { get; } = ["src/Lottery/Data"];
}
