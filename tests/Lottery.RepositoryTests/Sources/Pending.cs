namespace Lottery.RepositoryTests.Sources;

/// <summary>What is not yet refused. To be emptied: nothing is added here.</summary>
internal static class Pending
{
    public const string Plans = "src/Lottery.Engine/Plans/";

    public static string[] Words { get; } =
    [
        "room", "crew", "sitting", "treatment", "nobody", "presence", "verb", "tap", "aside",
        "made again", "way back", "level start", "whole number", "LayerChain", "Outline", "Kept",
    ];

    public static string[] Names { get; } = ["ValueFormat", "Node", "Column"];

    public static string[] Folders { get; } =
        ["src/Lottery.Studies/Store", "src/Lottery/Data", "src/Lottery/Training", "src/Lottery.Engine/Plans"];
}
