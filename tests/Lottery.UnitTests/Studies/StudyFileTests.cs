using Lottery.Data;
using Lottery.Formats.Yaml;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Files;

namespace Lottery.UnitTests.Studies;

/// <summary>Every study file can be planned at every scale, on data of the sets' shapes, and docs/papers.md says what it reproduces.</summary>
public sealed class StudyFileTests
{
    private const int Validation = 5_000;

    private static readonly Dictionary<string, Dataset> s_sets = new()
    {
        ["mnist"] = Blank("mnist", new(1, 28, 28)),
        ["cifar-10"] = Blank("cifar-10", new(3, 32, 32)),
    };

    /// <summary>Files and scales; no scale is the file as it is.</summary>
    public static TheoryData<string, string> All { get; } = [.. Repository.Files("studies", ".yaml").SelectMany(file => Scales(file).Prepend("").Select(scale => (file, scale)))];

    [Theory]
    [MemberData(nameof(All))]
    public void Is_planned_at_every_scale(string file, string scale)
    {
        Study study = Study.Read(Repository.At(file), new() { Scale = scale.Length == 0 ? null : scale, Replicates = 1 });
        var plan = StudyPlan.Create(study, name => s_sets[name], new MemoryRunStore());
        Assert.Equal(study.Cells.Length, plan.Searches.Length);
        // Every cell shows runs, and no two show the same ones.
        Assert.All(plan.Shown, side => Assert.NotEmpty(side.Ids));
        Assert.Equal(plan.Shown.Length, plan.Shown.Select(side => string.Join(' ', side.Ids)).Distinct().Count());
        Assert.All(plan.Tasks, task => Assert.True(task.Run.Training.Steps > 0 || task.Run.Level > 0));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Is_in_the_map_of_the_papers_figures(string file, string scale)
    {
        string name = Path.GetFileNameWithoutExtension(file), map = Repository.Read("docs/papers.md");
        Assert.Contains(scale is "" or "quick" ? $"`{name}`" : $"`{name}` `{scale}`", map, StringComparison.Ordinal);
    }

    /// <summary>What a study leaves to the protocol of its network is the paper's.</summary>
    [Theory]
    [InlineData("lt-lenet-adam", "", 50_380, 60)]
    [InlineData("lt-conv-adam", "dropout-6", 90_000, 60)]
    [InlineData("lt-deep-rates", "", 30_000, 128)]
    [InlineData("lt-deep-warm-up", "vgg-19", 112_480, 64)]
    public void Has_the_length_of_the_paper(string name, string scale, int steps, int batch)
    {
        TrainingSpecification training = Study.Read(Repository.At($"studies/{name}.yaml"), new() { Scale = scale.Length == 0 ? null : scale }).Cells[0].Definition.Training;
        Assert.Equal((steps, batch), (training.Steps, training.Batch));
    }

    private static IEnumerable<string> Scales(string file) =>
        ((YamlMap)YamlReader.ReadFile(Repository.At(file)))["scales"] is YamlMap scales ? scales.Entries.Select(entry => entry.Key.Value) : [];

    private static Dataset Blank(string name, ImageShape shape) => Dataset.Create(name, 10, Blank(Validation + 300, shape), Blank(10, shape));

    private static Examples Blank(int count, ImageShape shape) => new(new byte[count * shape.Features], new byte[count], shape.Features) { Shape = shape };
}
