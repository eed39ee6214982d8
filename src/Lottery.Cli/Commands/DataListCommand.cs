using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Data;
using Lottery.Report.Tables;

namespace Lottery.Cli.Commands;

/// <summary>Which sets are here, and where.</summary>
internal sealed class DataListCommand(Terminal terminal)
    : Verb("list", "List the known data sets and where they lie.", "lottery data list", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        DatasetStatus[] sets = [.. DataVerify.List(DatasetLocator.FromEnvironment())];
        if (parsed.GetValue(Common.Json)) Write(new JsonArray([.. sets.Select(DataJson.Of)]));
        else
        {
            Write(TextGrid.Lines([["set", "licence", "size", "where"], .. sets.Select(Cells)], false, false, true));
            Write(["", "A folder of idx files, CIFAR's binary files or .npy files can be given by its path instead,",
                "and one with a subfolder of images for each class as folder:PATH."]);
        }
        return 0;
    }

    /// <summary>What stands in a table instead of a place.</summary>
    public static string NotHere(KnownSet set) => $"not here; `lottery data get {set.Name}` downloads it";

    private static string[] Cells(DatasetStatus status) =>
    [
        status.Set.Name, status.Set.Licence, status.Location is null ? "–" : NumberFormat.Size(status.Bytes), Where(status),
    ];

    private static string Where(DatasetStatus status) =>
        status.Location is not { } location ? NotHere(status.Set)
        : status.IsWhole ? location.Folder
        : $"{location.Folder}, with files missing; see `lottery data verify {status.Set.Name}`";
}
