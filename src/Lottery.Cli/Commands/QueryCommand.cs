using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Queries;
using Lottery.Cli.Tables;
using Lottery.Report.Tables;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.Cli.Commands;

/// <summary>Queries the store in SQL.</summary>
internal sealed class QueryCommand : StoreCommand
{
    private readonly Argument<string> _sql = new("SQL") { Description = "One SELECT statement over runs and metrics (docs/query.md)." };
    private readonly Option<bool> _csv = new("--csv") { Description = "Write the result as CSV to standard output." };

    private readonly OutputOption _parquet = new("Write the result to a Parquet file.", name: "--parquet");

    public QueryCommand(Terminal terminal) : base("query", "Query the store in SQL; the tables are runs and metrics.",
        "lottery query \"FROM runs\"", terminal)
    {
        Add(_sql);
        Add(_csv);
        foreach (Option option in _parquet.All) Add(option);
        Add(Common.Jobs());
    }

    protected override int Run(ParseResult parsed)
    {
        string sql = parsed.GetValue(_sql)!;
        string? target = _parquet.ValueOf(parsed);
        bool csv = parsed.GetValue(_csv), json = parsed.GetValue(Common.Json);
        if (csv && (json || target is not null))
            throw new UserException("--csv is given together with --json or --parquet; give one of them.");
        RunStore store = Open(parsed);
        if (target is not null) _ = _parquet.FileOf(parsed);
        using var database = StoreDatabase.Open(store, Common.JobsOf(parsed), target);
        if (target is not null) Export(database, sql, target, json);
        else
        {
            using QueryAnswer answer = database.Ask(sql);
            if (csv) foreach (string line in QueryCsv.Lines(answer)) Terminal.WriteData(line);
            else if (json) Write(QueryJson.Lines(answer));
            else Show(answer);
        }
        return 0;
    }

    private void Export(StoreDatabase database, string sql, string target, bool json)
    {
        long rows = database.Export(sql);
        string path = Path.GetFullPath(target);
        if (json) Write(new JsonObject { ["file"] = path, ["rows"] = rows });
        else Write($"{NumberFormat.Count(rows)} {(rows == 1 ? "row is" : "rows are")} in {path}.");
    }

    private void Show(QueryAnswer answer)
    {
        (TextTable table, string? rest) = QueryTable.Of(answer, Terminal.Width);
        Write(table);
        if (rest is not null) Terminal.Say(rest);
    }
}
