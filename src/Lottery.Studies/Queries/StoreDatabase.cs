using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Lottery.Files;
using Lottery.Studies.Store;
using Lottery.Studies.Store.Packs;

namespace Lottery.Studies.Queries;

/// <summary>
/// The finished runs of a store as two relations for SQL: <c>runs</c>, one row a run, and <c>metrics</c>, one row an
/// evaluation, read from the store's Parquet files: packs of many runs, and the files of the runs that are in none.
/// </summary>
/// <remarks>
/// DuckDB in memory. Nothing can be changed: one SELECT is answered, no file outside the store's <c>runs/</c> and <c>packs/</c> can be
/// read, no setting altered, no extension loaded.
/// </remarks>
internal sealed class StoreDatabase : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly string? _target, _staged;

    private StoreDatabase(string? target)
    {
        if (target is null) return;
        _target = Path.GetFullPath(target);
        _staged = AtomicFile.TemporaryOf(_target);
    }

    /// <summary>Opens the runs that <paramref name="store"/> has now.</summary>
    /// <param name="store">The store.</param>
    /// <param name="threads">Threads of DuckDB, 1 or more.</param>
    /// <param name="target">The one file that <see cref="Export"/> may write; null for none.</param>
    /// <exception cref="UserException">The store cannot be read, or DuckDB's library cannot be loaded.</exception>
    public static StoreDatabase Open(RunStore store, int threads, string? target = null)
    {
        var database = new StoreDatabase(target);
        try
        {
            database.Load(store, threads);
            return database;
        }
        catch (Exception exception)
        {
            database.Dispose();
            if (exception is DllNotFoundException or BadImageFormatException or TypeInitializationException)
                throw new WorkFailedException(
                    "DuckDB's library could not be loaded on this system, so there are no queries; "
                    + "`lottery runs list --json` has the runs.", exception);
            throw;
        }
    }

    /// <summary>Answers one SELECT.</summary>
    /// <exception cref="UserException">It is none, or wrong; the message says where.</exception>
    public QueryAnswer Ask(string sql)
    {
        RequireOneSelect(sql);
        return QueryError.Guard(sql, () => new QueryAnswer(sql, Command(sql)));
    }

    /// <summary>Writes the answer to one SELECT into the target as Parquet, over what was there.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="UserException">The query is wrong, or the file cannot be written.</exception>
    public long Export(string sql)
    {
        string target = _target ?? throw new InvalidOperationException("There is no target.");
        RequireOneSelect(sql);
        QueryError.Guard(sql, () => Execute($"CREATE TABLE answer AS {sql}"));
        long rows = (long)Scalar("SELECT count(*) FROM answer")!;
        try
        {
            AtomicFile.Write(target, staged => Execute($"COPY answer TO {Quoted(staged)} (FORMAT parquet, USE_TMP_FILE false)"), _staged);
        }
        catch (Exception refusal) when (refusal is DuckDBException or IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException(
                $"{target} could not be written ({QueryError.Describe(refusal)}): name a file in a folder that can be written.", refusal);
        }
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void Load(RunStore store, int threads)
    {
        _connection.Open();
        Set("threads", $"{threads}");
        Set("TimeZone", "'UTC'");
        Set("temp_directory", "''");
        Set("autoinstall_known_extensions", "false");
        Set("autoload_known_extensions", "false");
        Set("errors_as_json", "true");
        IReadOnlyList<RunSummary> runs = store.List();
        RunTable.Create(_connection, runs);
        string folder = Path.GetFullPath(store.Paths.Runs) + Path.DirectorySeparatorChar;
        string packs = Path.GetFullPath(store.Paths.Packs) + Path.DirectorySeparatorChar;
        string pattern = Pattern(folder), metrics = MetricsOf(pattern, Pattern(packs), runs, store.FindMetrics([.. runs.Where(run => run.HasEvaluations)]));
        QueryError.Guard(metrics, () => Execute(metrics));
        // DuckDB compares the name of the folder before and after its patterns are resolved.
        Set("allowed_directories", $"[{string.Join(", ", ((string[])[folder, pattern, packs, Pattern(packs)]).Select(Quoted))}]");
        if (_staged is not null) Set("allowed_paths", $"[{Quoted(_staged)}]");
        Set("enable_external_access", "false");
        Set("lock_configuration", "true");
    }

    private static readonly string[] s_metrics = ["loss", "accuracy", "training_loss", "test_accuracy", "test_loss"], s_learned = ["kept_fraction", "thresholded_fraction"];

    private const string NoMetrics =
        "CREATE VIEW metrics AS SELECT ''::VARCHAR AS id, 0::INTEGER AS step, 0.0::DOUBLE AS loss, "
        + "0.0::DOUBLE AS accuracy, 0.0::DOUBLE AS training_loss, 0.0::DOUBLE AS test_accuracy, 0.0::DOUBLE AS test_loss WHERE false";

    /// <summary>
    /// The evaluations of <paramref name="runs"/>, and of no other folder that may be there. The id of a run that is in no pack is the name of
    /// its folder: the 64 characters before the file's name. What is not finite (the training loss at step 0, losses of a training that
    /// diverged) is NULL.
    /// </summary>
    private static string MetricsOf(string folders, string packs, IReadOnlyList<RunSummary> runs, MetricsPlaces places)
    {
        string name = StorePaths.MetricsFile;
        string[] columns = runs.Any(run => run.Supermask is not null) ? [.. s_metrics, .. s_learned] : s_metrics;
        string[] whole = [.. places.Packs.Where(one => one.LeftOut.IsEmpty).Select(one => Path.GetFileName(one.Pack.Path))];
        string[] tables =
        [
            .. whole.Length == 0 ? (string[])[] : [$"SELECT * FROM {Read(whole.Select(file => packs + file))}"],
            .. places.Packs.Where(one => !one.LeftOut.IsEmpty).Select(one =>
                $"SELECT * FROM {Read([packs + Path.GetFileName(one.Pack.Path)])} WHERE id NOT IN ({string.Join(", ", one.LeftOut.Select(Quoted))})"),
            .. places.Others.IsEmpty ? (string[])[]
                : [$"SELECT substr(filename, -{name.Length + 65}, 64) AS id, * EXCLUDE (filename) FROM {Read(places.Others.Select(run => $"{folders}{run.Id}/{name}"), ", filename = true")}"],
        ];
        if (tables.Length == 0) return NoMetrics;
        string values = string.Join(", ", columns.Select(column => $"CASE WHEN isfinite({column}) THEN {column} END AS {column}"));
        // Runs that learn a mask have two columns more; a table of other runs alone has none of them, and none is missed.
        string missing = $"SELECT ''::VARCHAR AS id, 0::INTEGER AS step, {string.Join(", ", columns.Select(column => $"0::DOUBLE AS {column}"))} WHERE false";
        return $"CREATE VIEW metrics AS SELECT id, step, {values} FROM ({string.Join(" UNION ALL BY NAME ", [missing, .. tables])})";

        static string Read(IEnumerable<string> files, string more = "") => $"read_parquet([{string.Join(", ", files.Select(Quoted))}], union_by_name = true{more})";
    }

    /// <summary>The path with its wildcard characters escaped.</summary>
    private static string Pattern(string path) =>
        string.Concat(path.Select(letter => letter is '*' or '?' or '[' ? $"[{letter}]" : $"{letter}"));

    /// <summary>DuckDB writes only a SELECT as JSON, so every other statement is refused here.</summary>
    private void RequireOneSelect(string sql)
    {
        JsonNode read;
        using (DuckDBCommand command = Command("SELECT json_serialize_sql($1::VARCHAR)"))
        {
            command.Parameters.Add(new DuckDBParameter(sql));
            read = JsonNode.Parse((string)command.ExecuteScalar()!)!;
        }
        if (read["error"]!.GetValue<bool>())
            throw read["error_type"]!.GetValue<string>() == "not implemented"
                ? new UserException("A query is a SELECT, and this is something else; the store is never changed.")
                : QueryError.Of(sql, read["error_message"]!.GetValue<string>(), read["position"]?.GetValue<string>());
        int statements = read["statements"]!.AsArray().Count;
        if (statements != 1)
            throw new UserException(statements == 0
                ? "The query is empty; begin with SELECT * FROM runs."
                : $"The query has {statements} statements; ask one at a time.");
    }

    private void Set(string option, string value) => Execute($"SET {option} = {value}");

    private void Execute(string sql)
    {
        using DuckDBCommand command = Command(sql);
        command.ExecuteNonQuery();
    }

    private object? Scalar(string sql)
    {
        using DuckDBCommand command = Command(sql);
        return command.ExecuteScalar();
    }

    private DuckDBCommand Command(string sql)
    {
        DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
