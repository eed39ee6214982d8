using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Tables;
using Lottery.Data;
using Lottery.Data.Downloads;
using Lottery.Report.Tables;
using Lottery.Studies.Identity;

namespace Lottery.Cli.Commands;

/// <summary>The data sets that have a name.</summary>
internal sealed class DataCommand : Command
{
    public DataCommand(Terminal terminal) : base("data", "List, download or verify data sets.")
    {
        Add(new DataListCommand(terminal));
        Add(new DataGetCommand(terminal));
        Add(new DataVerifyCommand(terminal));
    }

    /// <summary>What tables show instead of a folder.</summary>
    public static string Missing(KnownSet set) => $"not found; `lottery data get {set.Name}` downloads it";

    /// <summary>A data set's state as JSON.</summary>
    public static JsonNode Json(DatasetStatus status) => new JsonObject
    {
        ["set"] = status.Set.Name,
        ["title"] = status.Set.Title,
        ["licence"] = status.Set.Licence,
        ["classes"] = status.Set.Classes,
        ["origin"] = status.Location is { } location ? KebabCase.Of(location.Origin) : null,
        ["folder"] = status.Location?.Folder,
        ["whole"] = status.IsWhole,
        ["bytes"] = status.Bytes,
        ["files"] = new JsonArray([.. status.Files.Select(file => new JsonObject
        {
            ["name"] = file.Name,
            ["path"] = file.Path,
            ["bytes"] = file.Bytes,
            ["fault"] = file.Fault,
        })]),
    };
}

/// <summary>Lists the data sets that have a name, and where each was found.</summary>
internal sealed class DataListCommand(Terminal terminal)
    : LotteryCommand("list", "List the known data sets and the folders that hold them.", "lottery data list", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        DatasetStatus[] sets = [.. DataVerify.List(DatasetLocator.FromEnvironment())];
        if (parsed.GetValue(Common.Json))
        {
            Write(new JsonArray([.. sets.Select(DataCommand.Json)]));
            return 0;
        }
        Write(new TextTable(new Column("set"), new("licence"), new("size", ColumnKind.Number), new("folder", ColumnKind.Whole)).Add(sets.Select(Cells)));
        Write("");
        Write("--data also takes a .npz, .csv, .tsv or .parquet file, a folder of idx files, of CIFAR's files or of .npy files, and folder:PATH for a "
            + "folder with one subfolder of images for each class.");
        return 0;
    }

    private static string[] Cells(DatasetStatus status) =>
    [
        status.Set.Name, status.Set.Licence, status.Location is null ? "–" : NumberFormat.Size(status.Bytes), Folder(status),
    ];

    private static string Folder(DatasetStatus status) =>
        status.Location is not { } location ? DataCommand.Missing(status.Set)
        : status.IsWhole ? location.Folder
        : $"{location.Folder}, with files missing; see `lottery data verify {status.Set.Name}`";
}

/// <summary>Downloads a data set.</summary>
internal sealed class DataGetCommand : LotteryCommand, IProgress<DownloadProgress>
{
    private readonly Argument<string> _name = new("SET") { Description = "A name from `lottery data list`." };
    private string? _file;

    public DataGetCommand(Terminal terminal)
        : base("get", "Download a data set from its official mirrors, or resume a download.", "lottery data get mnist", terminal) =>
        Add(_name);

    protected override int Run(ParseResult parsed)
    {
        string name = parsed.GetValue(_name)!;
        if (Here(name) is { } here)
        {
            if (parsed.GetValue(Common.Json)) Write(DataCommand.Json(here));
            else Write($"{here.Set.Title} is in {here.Location!.Folder} already, whole ({NumberFormat.Size(here.Bytes)}).");
            return 0;
        }
        Terminal.Interruption.Watch();
        DatasetStatus status;
        try
        {
            status = DataDownload.FromEnvironment(this).Get(name, Terminal.Interruption.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (Terminal.Interruption.Token.IsCancellationRequested)
        {
            throw new StoppedException(
                "stopped; what was downloaded is kept, and the same command resumes from there.");
        }
        if (parsed.GetValue(Common.Json)) Write(DataCommand.Json(status));
        else Write($"{status.Set.Title} is in {status.Location!.Folder} ({NumberFormat.Size(status.Bytes)}).");
        return 0;
    }

    /// <summary>The set where it is used from, if it is there and right.</summary>
    private static DatasetStatus? Here(string name)
    {
        var locator = DatasetLocator.FromEnvironment();
        return locator.Find(KnownSet.Get(name)) is not null && DataVerify.Verify(name, locator) is { IsWhole: true } whole ? whole : null;
    }

    /// <summary>Writes one line for each file, when its first bytes arrive.</summary>
    public void Report(DownloadProgress value)
    {
        if (value.File == _file) return;
        _file = value.File;
        string size = value.Total is { } total ? $", {NumberFormat.Size(total)}" : "";
        Terminal.Say($"{value.File}{size} …");
    }
}

/// <summary>Compares data sets with their published sizes and hashes.</summary>
internal sealed class DataVerifyCommand : LotteryCommand
{
    private readonly Argument<string[]> _names = new("SET")
    {
        Description = "Names from `lottery data list`; without one, all sets that are found.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public DataVerifyCommand(Terminal terminal)
        : base("verify", "Compare data sets with their published sizes and hashes.", "lottery data verify fashion-mnist", terminal) => Add(_names);

    protected override int Run(ParseResult parsed)
    {
        var locator = DatasetLocator.FromEnvironment();
        string[] names = parsed.GetValue(_names) is { Length: > 0 } given ? given
            : [.. KnownSet.All.Where(set => locator.Find(set) is not null).Select(set => set.Name)];
        DatasetStatus[] sets = [.. names.Select(name => DataVerify.Verify(name, locator))];
        if (parsed.GetValue(Common.Json)) Write(new JsonArray([.. sets.Select(DataCommand.Json)]));
        else Write(new TextTable(new Column("set"), new("file", ColumnKind.Whole), new("state", ColumnKind.Whole)).Add(sets.SelectMany(Cells)));
        DatasetStatus[] damaged = [.. sets.Where(set => !set.IsWhole)];
        if (damaged.Length > 0)
            throw new WorkFailedException(
                $"{string.Join(" and ", damaged.Select(set => $"{set.Set.Name} in {set.Location!.Folder}"))} {(damaged.Length == 1 ? "is" : "are")} damaged; "
                + $"`lottery data get {damaged[0].Set.Name}` downloads it again.");
        return 0;
    }

    private static IEnumerable<string[]> Cells(DatasetStatus set) =>
        set.Files.Zip(set.Set.Files, (file, known) => new[] { set.Set.Name, file.Path ?? file.Name, file.Fault ?? Good(known) });

    private static string Good(KnownFile known) => known.Sha256 is null ? "right size" : "right size and hash";
}
