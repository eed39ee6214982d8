using Lottery.Data;
using Lottery.Studies.Files;
using Lottery.Studies.Settings;
using Lottery.Studies.Store;

namespace Lottery.Fuzz.Targets;

/// <summary>Study files: those that come with the program, and one that has what they lack.</summary>
internal sealed class StudyTarget : YamlTarget
{
    private const string Other = """
        study: all-of-it
        about: what the others do not have
        network: mlp:6-5-3
        data: { set: mnist, validation: 2, scale: mean-std, augment: [crop, flip] }
        train:
          optimizer: { sgd: { lr: 0.1, momentum: 0.9, weight-decay: 1e-4 } }
          schedule: { steps: { at: [3, 5], factor: 0.1 }, warm-up: 2 }
          batch: 2
          epochs: 3
          evaluate: { every: 2 }
        prune: { rate: { conv: 0.1, fc: 0.2, output: 0.1 }, levels: 2, scope: network, schedule: one-shot, rewind-to: 1 }
        matrix:
          criterion: [large-final, "w_f * w_i", movement]
          mask0: [zero, initial]
          controls: [none, reinit, random-mask]
        exclude: [ { criterion: movement, mask0: initial } ]
        reference: { criterion: large-final }
        replicates: 2
        seed: 18446744073709551614
        scales:
          quick: { train: { epochs: 1 }, replicates: 1 }
        """;

    // As large as the studies hold back, of the shapes that their networks take.
    private readonly Dictionary<int, Dataset> _sets = ((int[])[6, 784, 3072]).ToDictionary(
        features => features, features => Dataset.Create("blank", 3, Blank(6_000, features), Blank(1, features)));

    public override string Name => "study";

    protected override string[] Whole
    {
        get
        {
            System.Reflection.Assembly here = typeof(StudyTarget).Assembly;
            return [Other, .. here.GetManifestResourceNames().Order().Select(name => new StreamReader(here.GetManifestResourceStream(name)!).ReadToEnd())];
        }
    }

    protected override string[] Known =>
    [
        "supermask", "threshold: 0.1", "allocation", "untrained: true", "matrix", "criterion", "[large-final]", "levels: 1000000000",
        "lr: [0.1, 0.2]", "replicates: 1000000", "train.batch: [1, 2]", "network: conv-2", "epochs: 4000000000", "abs(w_f)", "mask: deadbeef",
    ];

    public override void Read(Case file, string folder)
    {
        var study = Study.Read(Path.Combine(folder, file.File), new());
        Require(study.Cells.Length is > 0 and <= 10_000 && study.Cells.Contains(study.Reference), "the study has no cells, too many, or no reference");
        var reader = new StartingPointReader(new RunStore(Path.Combine(folder, "store")));
        foreach (StudyCell cell in study.Cells.Take(3))
        {
            if (_sets.TryGetValue(cell.Definition.Network.Inputs, out Dataset? data)) _ = cell.On(data, reader);
        }
    }

    private static Examples Blank(int count, int features) => new(new byte[count * features], new byte[count], features);
}
