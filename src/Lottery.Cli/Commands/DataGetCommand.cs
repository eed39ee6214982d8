using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Data;
using Lottery.Report.Tables;

namespace Lottery.Cli.Commands;

/// <summary>Downloads a set.</summary>
internal sealed class DataGetCommand : Verb
{
    private readonly Argument<string> _name = new("SET") { Description = "A name from `lottery data list`." };
    private string? _told;

    public DataGetCommand(Terminal terminal)
        : base("get", "Download a data set from its official mirrors, or go on with a download.", "lottery data get mnist", terminal) =>
        Add(_name);

    protected override int Run(ParseResult parsed)
    {
        string name = parsed.GetValue(_name)!;
        Terminal.Interruption.Watch();
        DatasetStatus status;
        try
        {
            status = DataDownload.FromEnvironment(Tell).Get(name, Terminal.Interruption.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (Terminal.Interruption.Token.IsCancellationRequested)
        {
            throw new UserException(
                "stopped; what came is kept, and the same command goes on from here.", Terminal.Interruption.ExitCode);
        }
        if (parsed.GetValue(Common.Json)) Write(DataJson.Of(status));
        else Write([$"{status.Set.Title} is in {status.Location!.Folder} ({NumberFormat.Size(status.Bytes)})."]);
        return 0;
    }

    /// <summary>One line a file, once it comes.</summary>
    private void Tell(DownloadProgress progress)
    {
        if (progress.File == _told) return;
        _told = progress.File;
        string size = progress.Total is { } total ? $", {NumberFormat.Size(total)}" : "";
        Terminal.Say($"{progress.File}{size} …");
    }
}
