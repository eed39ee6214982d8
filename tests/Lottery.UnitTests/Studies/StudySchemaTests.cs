using System.Globalization;
using System.Text.Json.Nodes;
using Lottery.Formats.Yaml;
using Lottery.Studies.Files;
using NJsonSchema;

namespace Lottery.UnitTests.Studies;

/// <summary>The JSON schema that editors use says what the reader says.</summary>
public sealed class StudySchemaTests
{
    private const string Least = "study: a\nnetwork: lenet-300-100\ndata: { set: mnist }\ntrain: { steps: 5 }\nprune: { levels: 1 }\n";

    public static TheoryData<string> Files { get; } = [.. Repository.Files("studies", ".yaml")];

    [Fact]
    public void The_file_is_what_the_reader_makes() => Assert.Equal(StudySchema.Text, Repository.Read("studies/study.schema.json"));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_study_file_passes(string file)
    {
        JsonSchema schema = await Schema();
        Assert.Empty(schema.Validate(Json(YamlReader.ReadFile(Repository.At(file))).ToJsonString()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_study_file_is_read_at_every_scale(string file)
    {
        Study study = Study.Read(Repository.At(file), new()), quick = Study.Read(Repository.At(file), new() { Scale = "quick" });
        Assert.Equal(Path.GetFileNameWithoutExtension(file), study.Name);
        Assert.Equal(study.Cells.Length, quick.Cells.Length);
        string[] lines = Repository.Read(file).Split('\n');
        Assert.Equal("# yaml-language-server: $schema=study.schema.json", lines[0]);
        Assert.Contains(lines.TakeWhile(line => line.StartsWith('#')), line => line.StartsWith("# Costs: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("replicates: 3", true)]
    [InlineData("replicates: '3'", false)]
    [InlineData("replicates: 0", false)]
    [InlineData("zebra: 1", false)]
    [InlineData("controls: none", true)]
    [InlineData("controls: [reinit, random-mask]", true)]
    [InlineData("controls: non", false)]
    [InlineData("criterion: 'abs(wf) - abs(wi)'", true)]
    [InlineData("matrix: { criterion: [random] }", true)]
    [InlineData("matrix: { criterion: [] }", false)]
    [InlineData("matrix: { train.optimizer: [{ adam: { lr: 1 } }, { sgd: { lr: 0.1, momentum: 0.9 } }] }", true)]
    [InlineData("matrix: { train.optimizer: [{ adam: { lr: 0 } }] }", false)]
    [InlineData("matrix: { train.optimizer: [{ adam: { lr: 1 }, sgd: { lr: 1 } }] }", false)]
    [InlineData("matrix: { study: [a] }", false)]
    [InlineData("scales: { quick: { train: { epochs: 1 } } }", true)]
    [InlineData("scales: { quick: { train: { epochs: 1, steps: 1 } } }", false)]
    [InlineData("scales: { quick: { prune: { rate: { fc: 1 } } } }", false)]
    [InlineData("matrix: { mask1: [rewind] }\nreference: { mask1: rewind }", true)]
    [InlineData("matrix: { schedule: [one-shot] }\nexclude: [{ schedule: oneshot }]", false)]
    [InlineData("mask: mask.safetensors", true)]
    [InlineData("mask: [a, b]", false)]
    [InlineData("matrix: { mask: [a.safetensors, 3f2a] }", true)]
    [InlineData("matrix: { prune.untrained: [true, false] }", true)]
    [InlineData("matrix: { prune.untrained: [yes] }", false)]
    [InlineData("matrix: { prune.allocation.threshold: [-0.5, 0, 1e-3] }", true)]
    [InlineData("matrix: { prune.allocation.threshold: [a] }", false)]
    [InlineData("scales: { quick: { prune: { rate: { fc: 0.1 }, allocation: { threshold: 1 } } } }", false)]
    public async Task Reader_and_schema_agree(string lines, bool good)
    {
        JsonSchema schema = await Schema();
        Assert.Equal(good, schema.Validate(Json(YamlReader.ReadText("a test", Least + lines)).ToJsonString()).Count == 0);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.yaml"], Least + lines);
        if (good) Study.Read(folder["a.yaml"], new());
        else Assert.Throws<UserException>(() => Study.Read(folder["a.yaml"], new()));
    }

    private static Task<JsonSchema> Schema() => JsonSchema.FromJsonAsync(StudySchema.Text);

    /// <summary>As an editor reads it: what is not quoted and looks like a number or a Boolean is one.</summary>
    private static JsonNode Json(YamlNode node) => node switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Value, (JsonNode?)Json(entry.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Json)]),
        YamlScalar { IsQuoted: false, Value: "true" or "false" } scalar => scalar.Value == "true",
        YamlScalar { IsQuoted: false } scalar when long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => whole,
        YamlScalar { IsQuoted: false } scalar when double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => node.Text,
    };
}
