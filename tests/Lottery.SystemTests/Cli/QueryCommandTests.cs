using System.Text.Json.Nodes;
using Lottery.Studies.Store;

namespace Lottery.SystemTests.Cli;

/// <summary>A small search, asked about in every way.</summary>
public sealed class QueryCommandTests(QueryCommandTests.Store store) : IClassFixture<QueryCommandTests.Store>
{
    /// <summary>The questions of docs/query.md.</summary>
    public static TheoryData<string> Questions { get; } = [.. Documents.Blocks("docs/query.md", "sql").Select(block => block.Trim())];

    [Fact]
    public void The_page_has_six_questions() => Assert.Equal(6, Questions.Count);

    [Theory]
    [MemberData(nameof(Questions))]
    public void Questions_of_the_page_have_answers(string sql)
    {
        CommandLineRun run = store.Query(sql, "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonArray rows = run.Json.AsArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.All(row!.AsObject().Where(field => !IsMissing(field.Key)), field => Assert.NotNull(field.Value)));

        // Of one seed there is no spread, and at step 0 no training loss.
        static bool IsMissing(string field) => field is "spread" or "training_loss";
    }

    [Fact]
    public void Runs_are_those_that_are_listed()
    {
        JsonArray listed = store.Run("runs", "list", "--json").Json.AsArray(), asked = store.Query("FROM runs", "--json").Json.AsArray();
        Assert.Equal(listed.Count, asked.Count);
        foreach ((JsonNode? theirs, JsonNode? ours) in listed.Zip(asked))
        {
            Assert.Equal(theirs!.AsObject().Select(field => field.Key), ours!.AsObject().Select(field => field.Key));
            foreach ((string name, JsonNode? value) in theirs.AsObject().Where(field => field.Key != "ended"))
                Assert.True(JsonNode.DeepEquals(value, ours[name]), $"{name}: {value} is {ours[name]}");
            Assert.StartsWith(((string)ours["ended"]!)[..19], (string)theirs["ended"]!);
        }
    }

    [Fact]
    public void Metrics_are_those_of_the_store()
    {
        var kept = new RunStore(store.Folder["store"]);
        foreach (RunSummary run in kept.List())
        {
            JsonArray rows = store.Query($"SELECT step, loss, accuracy FROM metrics WHERE id = '{run.Id}' ORDER BY step", "--json").Json.AsArray();
            Assert.Equal(
                kept.Load(run.Id).Evaluations.Select(at => (at.Step, at.Loss, at.Accuracy)),
                rows.Select(row => ((int)row!["step"]!, (double)row["loss"]!, (double)row["accuracy"]!)));
        }
    }

    [Theory]
    [InlineData("SELECT * FORM runs", "The query is wrong at line 1, column 15: syntax error at or near \"runs\".")]
    [InlineData("SELECT 'ä',\n  leval FROM runs", "The query is wrong at line 2, column 3: Referenced column \"leval\" not found in FROM clause; there is \"level\"")]
    [InlineData("FROM rusn", "The query is wrong at line 1, column 6: there is no 'rusn'; did you mean 'runs'?")]
    [InlineData("FROM 'other.csv'", "The query is wrong: it may read the runs and metrics of the store, and no other file.")]
    [InlineData("FROM read_text('/etc/hostname')", "The query is wrong at line 1, column 6: it may read the runs and metrics of the store, and no other file.")]
    [InlineData("DROP TABLE runs", "A query is a SELECT, and this is something else; the store is never changed.")]
    [InlineData("COPY (SELECT 1) TO 'x.csv'", "A query is a SELECT, and this is something else; the store is never changed.")]
    [InlineData("SET lock_configuration = false", "A query is a SELECT, and this is something else; the store is never changed.")]
    [InlineData("SELECT 1; SELECT 2", "The query has 2 statements; ask one at a time.")]
    [InlineData("  ", "The query is empty; begin with SELECT * FROM runs.")]
    [InlineData("SELECT ?", "The query has a parameter (? or $1), and none is given: write its value.")]
    [InlineData("SELECT error('so')", "The query is wrong: so.")]
    public void What_is_wrong_is_told_in_a_sentence(string sql, string sentence)
    {
        CommandLineRun run = store.Query(sql);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"lottery: {sentence}", run.Error);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_table_has_a_line_a_row_and_says_what_it_leaves_out()
    {
        Assert.Equal("level  n\n    0  1\n    1  2\n", store.Query("SELECT level, count(*) AS n FROM runs GROUP BY level ORDER BY level").Output);
        CommandLineRun many = store.Query("SELECT range AS n FROM range(12345)");
        Assert.Equal(201, many.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("200 of 12,345 rows are shown; --csv or --json has all.\n", many.Error);
    }

    [Fact]
    public void Csv_quotes_what_it_must() => Assert.Equal(
        "a,a_1,\"b,c\",none\n1.5,\"say \"\"x\"\"\",\"[1,2]\",\n",
        store.Query("SELECT 1.5::DOUBLE AS a, 'say \"x\"' AS a, [1, 2] AS \"b,c\", NULL AS none", "--csv").Output);

    [Fact]
    public void Json_has_every_kind_of_value() => Assert.Equal(
        """{"i":1,"h":170141183460469231731687303715884105727,"d":1.50,"f":null,"l":["a",null],"s":{"k":2},"t":"2026-01-02T03:04:05","day":"2026-01-02","b":true,"x":"<é>"}""",
        store.Query("SELECT 1 AS i, 170141183460469231731687303715884105727::HUGEINT AS h, 1.5::DECIMAL(4, 2) AS d, 'nan'::DOUBLE AS f, "
            + "['a', NULL] AS l, {'k': 2} AS s, TIMESTAMP '2026-01-02 03:04:05' AS t, DATE '2026-01-02' AS day, true AS b, '<é>' AS x", "--json")
            .Output.Split('\n')[1].Trim());

    [Fact]
    public void Nothing_is_an_empty_array() => Assert.Equal("[]\n", store.Query("FROM runs WHERE level > 9", "--json").Output);

    [Fact]
    public void A_parquet_file_has_the_same_answer()
    {
        string file = store.Folder["answer.parquet"];
        for (int time = 0; time < 2; time++)
        {
            CommandLineRun run = store.Query("SELECT id, level, accuracy FROM runs; -- all", "--parquet", file, "--force", "--json");
            Assert.Equal((0, 3), (run.ExitCode, (int)run.Json["rows"]!));
        }
        Assert.Equal("PAR1"u8, File.ReadAllBytes(file).AsSpan(0, 4));
        Assert.False(File.Exists(file + ".tmp"));
        Assert.Equal(2, store.Query("FROM runs", "--parquet", Path.Combine(store.Folder["store"], "index.bin")).ExitCode);
        CommandLineRun nowhere = store.Query("FROM runs", "--parquet", store.Folder["no/folder/x.parquet"]);
        Assert.Equal(2, nowhere.ExitCode);
        Assert.Contains("there is no folder", nowhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_without_runs_has_no_rows()
    {
        new RunStore(store.Folder["empty"]).Create();
        Assert.Equal(
            "runs  evaluations\n   0            0\n",
            CommandLineRun.Of("query", "SELECT count(*) AS runs, (SELECT count(*) FROM metrics) AS evaluations FROM runs", "--store", store.Folder["empty"]).Output);
    }

    [Fact]
    public void A_store_may_be_called_anything()
    {
        string odd = store.Folder["it's [1] * ?"];
        var kept = new RunStore(odd) { Initial = MadeUp.Initial };
        MadeUp.Keep(kept, MadeUp.Dense());
        Assert.Equal("n\n4\n", CommandLineRun.Of("query", "SELECT count(*) AS n FROM metrics", "--store", odd).Output);
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        string folder = store.Folder["damaged"];
        var kept = new RunStore(folder) { Initial = MadeUp.Initial };
        MadeUp.Keep(kept, MadeUp.Dense());
        string file = Directory.GetFiles(folder, "metrics.parquet", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(file, new byte[20]);
        MadeUp.Keep(kept, MadeUp.Dense(2));
        CommandLineRun run = CommandLineRun.Of("query", "SELECT count(*) AS n FROM metrics", "--csv", "--store", folder);
        Assert.Equal((0, "n\n4\n"), (run.ExitCode, run.Output));
        Assert.Contains(file, run.Error, StringComparison.Ordinal);
        Assert.Contains("lottery runs rm", run.Error, StringComparison.Ordinal);
    }

    public sealed class Store : IDisposable
    {
        public Store()
        {
            TinyImages.Write(Folder["tiny"]);
            CommandLineRun run = Run("find", "--network", "mlp:20-8-3", "--data", Folder["tiny"], "--validation", "100",
                "--levels", "1", "--steps", "60", "--evaluate", "20", "--controls", "reinit");
            Assert.Equal(0, run.ExitCode);
        }

        internal TemporaryFolder Folder { get; } = new();

        internal CommandLineRun Run(params string[] arguments) => CommandLineRun.Of([.. arguments, "--store", Folder["store"]]);

        internal CommandLineRun Query(params string[] arguments) => Run(["query", .. arguments]);

        public void Dispose() => Folder.Dispose();
    }
}
