using Lottery.Formats.Yaml;
using Lottery.Specifications;
using Lottery.Studies.Files;

namespace Lottery.UnitTests.Studies;

/// <summary>Study files are read strictly: what is wrong is one sentence with file, line and column.</summary>
public sealed class StudyTests : IDisposable
{
    private const string Good =
        """
        study: tiny
        network: mlp:20-8-3
        data: { set: tiny, validation: 100 }
        train: { steps: 20, batch: 20 }
        prune: { levels: 2 }
        matrix:
          criterion: [large-final, random]
          schedule: [iterative, one-shot]
        scales:
          quick: { train: { epochs: 1 }, replicates: 2 }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_a_study_is_judged_is_a_density_or_where_its_reference_is_as_good()
    {
        Study Of(string lines) => Study.FromText("study", Good.Replace("study: tiny\n", lines, StringComparison.Ordinal).Split("scales:")[0]);
        Assert.Equal((0.67, 0.005), (Of("judge-at: 0.67\nmargin: 5e-3\n").JudgeAt, Of("margin: 5e-3\n").Margin));
        Assert.Equal((null, null), (Of("judge-at: as-good\n").JudgeAt, Of("").Margin));
    }

    [Theory]
    [InlineData("prune: { levels: 2 }", "prune: { levles: 2 }", "5:10: there is no key 'levles' in prune; did you mean 'levels'?")]
    [InlineData("prune:", "zebra:", "5:1: there is no key 'zebra' in a study; see `lottery study schema`.")]
    [InlineData("steps: 20, batch: 20", "steps: 20, batch: 20, steps: 30", "4:32: the key 'steps' is here a second time; keep one.")]
    [InlineData("study:", "judge-at: sparse\nstudy:", "1:11: judge-at is 'sparse', but must be a number above 0 and below 1, or as-good.")]
    [InlineData("study:", "judge-at: 0.3\nstudy:", "1:11: judge-at is 0.3, but no level of the reference keeps that fraction of the weights; the nearest are 0.6685 and 0.8152.")]
    [InlineData("study:", "margin: 0\nstudy:", "1:9: margin is '0', but must be a number above 0 and below 1.")]
    [InlineData("batch: 20", "batch: abc", "4:28: train.batch is 'abc', but must be an integer of at least 1.")]
    [InlineData("batch: 20", "batch: '20'", "4:28: train.batch is the text '20', but must be an integer of at least 1.")]
    [InlineData("batch: 20", "batch: 0", "4:28: train.batch is '0', but must be an integer of at least 1.")]
    [InlineData("batch: 20", "batch: [20]", "4:28: train.batch is a list, but must be an integer of at least 1.")]
    [InlineData("batch: 20", "batch:", "4:28: train.batch is empty, but must be an integer of at least 1.")]
    [InlineData("batch: 20", "epochs: 2", "4:21: train has both steps and epochs; keep one.")]
    [InlineData("{ steps: 20, batch: 20 }", "{ batch: 20 }", "4:8: train has no length; add steps or epochs.")]
    [InlineData("batch: 20", "optimizer: { adam: { lr: 0 } }", "4:46: train.optimizer.adam.lr is '0', but must be a number above 0.")]
    [InlineData("batch: 20", "optimizer: { adam: { lr: 1 }, sgd: { lr: 1 } }", "4:51: train.optimizer has both adam and sgd; keep one.")]
    [InlineData("batch: 20", "optimizer: { sgd: { momentum: 0.9 } }", "4:39: train.optimizer.sgd has no lr; add it.")]
    [InlineData("batch: 20", "schedule: { steps: { at: [9, 5], factor: 0.1 } }", "4:46: train.schedule.steps.at is not ascending; put the steps in order.")]
    [InlineData("levels: 2", "levels: 2, rate: { fc: 1 }", "5:33: prune.rate.fc is '1', but must be a number of at least 0 and below 1.")]
    [InlineData("levels: 2", "levels: 2, scope: layr", "5:28: prune.scope cannot be 'layr'; did you mean 'layer'?")]
    [InlineData("mlp:20-8-3", "lenet-300-10", "2:10: There is no network called 'lenet-300-10'; did you mean 'lenet-300-100'?")]
    [InlineData("random]", "randm]", "7:28: There is no criterion called 'randm'; did you mean 'random'?")]
    [InlineData("[large-final, random]", "[random, random]", "7:23: matrix.criterion has random twice; keep one.")]
    [InlineData("[large-final, random]", "[]", "7:14: matrix.criterion is a list, but must be a list of at least one value.")]
    [InlineData("[large-final, random]", "random", "7:14: matrix.criterion is 'random', but must be a list of at least one value.")]
    [InlineData("  schedule:", "  schedul:", "8:3: there is no key 'schedul' in matrix; did you mean 'schedule'?")]
    [InlineData("matrix:", "criterion: random\nmatrix:", "6:12: criterion is stated here, but it is also an axis of the matrix; keep one.")]
    [InlineData("  schedule:", "  prune.schedule: [iterative]\n  schedule:", "8:3: the axes prune.schedule and schedule vary the same setting; keep one.")]
    [InlineData("scales:", "exclude: [{ criterion: movement }]\nscales:", "9:24: exclude names criterion movement, which is not a value of that axis; use one of large-final, random.")]
    [InlineData("scales:", "exclude: [{ mask1: rewind }]\nscales:", "9:13: exclude names mask1, which is not an axis of the matrix; add the axis, or leave this out.")]
    [InlineData("scales:", "exclude: [{ criterion: random }, { criterion: large-final }]\nscales:", "9:10: exclude leaves none of 4 cells; exclude fewer.")]
    [InlineData("scales:", "exclude: [{ criterion: random }]\nreference: { criterion: random }\nscales:", "10:12: reference names a cell that exclude leaves out; name another.")]
    [InlineData("study: tiny", "study: Tiny One", "1:8: 'Tiny One' cannot name a study; use lower-case letters, digits, dots and hyphens (abc-1).")]
    [InlineData("study: tiny\n", "", "1:1: the study has no name; add it as study.")]
    [InlineData("data: { set: tiny", "data: { origin: flip", "3:9: there is no key 'origin' in data; use set, resize, validation, split-seed, scale, augment.")]
    [InlineData("set: tiny", "set: tiny, augment: crop", "3:29: data.augment cannot be 'crop'; use one of none.")]
    [InlineData("set: tiny", "set: tiny, augment: [crop, rotate]", "3:36: data.augment cannot be 'rotate'; use one of crop, flip.")]
    [InlineData("set: tiny", "set: tiny, augment: [flip, flip]", "3:36: data.augment has flip twice; keep one.")]
    [InlineData("set: tiny", "set: tiny, scale: max", "3:27: data.scale cannot be 'max'; use one of unit, mean-std.")]
    [InlineData("mlp:20-8-3", "&a mlp:20-8-3", "2:10: there is an anchor (&), which is not read; leave it out.")]
    [InlineData("steps: 20, ", "steps: *a, ", "4:17: there is an alias (*), which is not read; write the value out.")]
    [InlineData("steps: 20, ", "steps: !!int 20, ", "4:17: there is a tag (!), which is not read; leave it out.")]
    [InlineData("quick: { train: { epochs: 1 }", "quick: { train: { epoch: 1 }", "10:21: there is no key 'epoch' in scales.quick.train; did you mean 'epochs'?")]
    public void What_is_wrong_is_told_with_its_place(string good, string bad, string sentence)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        string path = Write(Good.Replace(good, bad, StringComparison.Ordinal));
        var wrong = Assert.Throws<UserException>(() => Study.Read(path, new()));
        Assert.Equal($"{path}:{sentence}", wrong.Message);
    }

    [Fact]
    public void What_is_not_yaml_is_told_with_its_place() =>
        Assert.Equal($"{_folder["study.yaml"]}:1:8: this is not YAML (it ends inside of a list or map); close it.", Wrong(() => Read("study: [a\nnetwork: b")));

    [Fact]
    public void Files_that_are_too_large_too_deep_or_missing_are_refused()
    {
        Assert.Contains("has more than 1048576 bytes", Wrong(() => Read("#" + new string('x', YamlReader.MostBytes))), StringComparison.Ordinal);
        Assert.Contains("nested more than 32 deep", Wrong(() => Read(new string('[', 5000))), StringComparison.Ordinal);
        Assert.Contains("does not exist", Wrong(() => Study.Read(_folder["none.yaml"], new())), StringComparison.Ordinal);
        Assert.Contains("a second document begins here", Wrong(() => Read("a: 1\n---\nb: 2\n")), StringComparison.Ordinal);
        Assert.Contains("there is nothing in it", Wrong(() => Read("")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.steps", "--set is 'train.steps', but must be written as in train.steps=1000.")]
    [InlineData("train.stps=5", "--set train.stps=5: there is no key 'stps' in train; did you mean 'steps'?")]
    [InlineData("train.steps=x", "--set train.steps=x: train.steps is 'x', but must be an integer of at least 1.")]
    [InlineData("criterion=movement", "--set criterion=movement: criterion is stated here, but it is also an axis of the matrix; keep one.")]
    [InlineData("study=other", "--set study=other: there is no key 'study' in a study; see `lottery study schema`.")]
    public void A_wrong_value_on_the_command_line_is_named(string set, string sentence) =>
        Assert.Equal(sentence, Wrong(() => Read(Good, new() { Set = [set] })));

    [Fact]
    public void A_scale_that_is_not_there_is_named() =>
        Assert.Equal($"--scale is 'quik', which {_folder["study.yaml"]} does not have; did you mean 'quick'?", Wrong(() => Read(Good, new() { Scale = "quik" })));

    [Fact]
    public void The_matrix_is_a_product_the_first_axis_slowest() => Assert.Equal(
        ["large-final iterative", "large-final one-shot", "random iterative", "random one-shot"], Cells(Read(Good)));

    [Fact]
    public void Exclusions_leave_out_the_cells_that_have_all_their_values()
    {
        Study study = Read(Good + "\nexclude: [{ criterion: random, schedule: one-shot }, { criterion: large-final, schedule: iterative }]\n"
            + "reference: { criterion: random }");
        Assert.Equal(["large-final one-shot", "random iterative"], Cells(study));
        Assert.Equal("random", study.Reference.Values[0].Text);
    }

    [Fact]
    public void Images_can_be_standardized_and_changed()
    {
        Assert.Equal((Scaling.Unit, Augmentation.None), (Read(Good).Cells[0].Definition.Data.Scale, Read(Good).Cells[0].Definition.Data.Augment));
        StudyCell given = Read(Good.Replace("set: tiny", "set: tiny, scale: mean-std, augment: [flip, crop]", StringComparison.Ordinal)).Cells[0];
        Assert.Equal((Scaling.MeanStd, Augmentation.Crop | Augmentation.Flip), (given.Definition.Data.Scale, given.Definition.Data.Augment));
        Study axis = Read(Good.Replace("  schedule: [iterative, one-shot]", "  data.augment: [none, [crop], [crop, flip]]", StringComparison.Ordinal));
        Assert.Equal([Augmentation.None, Augmentation.Crop, Augmentation.Crop | Augmentation.Flip], axis.Cells.Take(3).Select(cell => cell.Definition.Data.Augment));
    }

    [Fact]
    public void Any_key_can_be_an_axis()
    {
        Study study = Read(Good.Replace("  schedule: [iterative, one-shot]",
            "  train.optimizer: [{ adam: { lr: 0.001 } }, { sgd: { lr: 0.1 } }]\n  prune.rate.fc: [0.1, 0.5]\n  controls: [none, reinit]",
            StringComparison.Ordinal));
        Assert.Equal(2 * 2 * 2 * 2, study.Cells.Length);
        Assert.Equal("large-final { adam: { lr: 0.001 } } 0.1 none", Cells(study).First());
        Assert.Equal([0.1m, 0.5m], study.Cells.Select(cell => cell.Definition.Pruning.Fc).Distinct());
    }

    [Fact]
    public void Keys_that_a_study_must_have_can_be_axes_and_keys_within_keys()
    {
        Study study = Read(Good.Replace("network: mlp:20-8-3\ndata: { set: tiny, validation: 100 }\n", "", StringComparison.Ordinal).Replace("  schedule: [iterative, one-shot]",
            "  network: ['mlp:20-8-3', 'mlp:20-4-3']\n  data.set: [tiny, other]\n  train.schedule.warm-up: [3, 4]", StringComparison.Ordinal));
        Assert.Equal(16, study.Cells.Length);
        Assert.Equal(["mlp:20-8-3 tiny 3", "mlp:20-4-3 other 4"], ((StudyCell[])[study.Cells[0], study.Cells[^1]])
            .Select(cell => $"{cell.Definition.Network.Name} {cell.DataSet} {cell.Definition.Training.Schedule.WarmUp}"));
        Assert.EndsWith(": data.set is stated here, but it is also an axis of the matrix; keep one.",
            Wrong(() => Read(Good.Replace("  schedule: [iterative, one-shot]", "  data.set: [tiny]", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.EndsWith("1:1: the study has no data.set; add it.", Wrong(() => Read(Good.Replace("data: { set: tiny, validation: 100 }\n", "", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mask: { seed-offset: 1 }", 1, TransferredWeights.Own, "rewind", 2)]
    [InlineData("mask: { level: 1, weights: ticket, cell: { data.set: other, mask1: constant } }", 0, TransferredWeights.Ticket, "constant", 1)]
    [InlineData("mask: { study: other.yaml, scale: small, cell: { mask1: reinit } }", 0, TransferredWeights.Own, "reinit", 2)]
    public void Masks_can_be_those_of_another_search(string line, int offset, TransferredWeights weights, string mask1, int levels)
    {
        File.WriteAllText(_folder["other.yaml"], "study: other\nnetwork: mlp:20-8-3\ndata: { set: other }\ntrain: { steps: 9 }\nprune: { levels: 7 }\n"
            + "controls: reinit\nmatrix: { mask1: [rewind, reinit] }\nscales: { small: { train: { steps: 5 } } }");
        MaskTransfer masks = Read(Good.Replace("matrix:", $"{line}\nmask1: constant-same-sign\nmatrix:", StringComparison.Ordinal)).Cells[0].Masks!;
        Assert.Equal(((ulong)offset, weights, mask1, levels), (masks.SeedOffset, masks.Weights, masks.Cell.Definition.Mask1.Name, masks.Cell.Definition.Pruning.Levels));
        Assert.Equal(line.Contains("other", StringComparison.Ordinal) ? "other" : "tiny", masks.Cell.DataSet);
        Assert.Equal(line.Contains("small", StringComparison.Ordinal) ? 5 : 20, masks.Cell.Definition.Training.Steps);
        Assert.Empty(masks.Cell.Definition.Controls);
    }

    [Theory]
    [InlineData("mask: { cell: { network: 'mlp:20-4-3' } }", "6:7: mask is taken from tickets of mlp:20-4-3, and the network is mlp:20-8-3; take masks of a search of the same network.")]
    [InlineData("mask: { level: 3 }", "6:16: mask.level is 3, and the search has 2 levels; take a level that it has, or set prune.levels.")]
    [InlineData("mask: { study: other.yaml }", "6:7: OTHER has 2 cells; name one by its values as cell.")]
    [InlineData("mask: { study: other.yaml, cell: { mask0: zero } }", "6:36: mask.cell names mask0, which is not an axis of OTHER; leave it out.")]
    [InlineData("mask: { study: other.yaml, cell: { mask1: constant } }", "6:34: OTHER has no cell with the values of mask.cell; see `lottery study plan OTHER`.")]
    [InlineData("mask: {}\nstart: a.ticket", "7:8: start is given, and the masks are taken from the tickets of another search; leave one out.")]
    [InlineData("seed: 18446744073709551600\nmask: { seed-offset: 12 }", "7:22: mask.seed-offset is 12, and there are not so many seeds after the last; use a smaller one.")]
    public void Masks_that_do_not_fit_are_refused(string lines, string sentence)
    {
        File.WriteAllText(_folder["other.yaml"], "study: other\nnetwork: mlp:20-8-3\ndata: { set: other }\ntrain: { steps: 9 }\nprune: { levels: 7 }\nmatrix: { mask1: [rewind, reinit] }");
        Assert.Equal($"{_folder["study.yaml"]}:{sentence.Replace("OTHER", _folder["other.yaml"], StringComparison.Ordinal)}",
            Wrong(() => Read(Good.Replace("matrix:", $"{lines}\nmatrix:", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_million_cells_are_refused_with_their_count()
    {
        string numbers = string.Join(", ", Enumerable.Range(1, 1000));
        string study = Good.Replace("  schedule: [iterative, one-shot]", $"  train.evaluate.every: [{numbers}]\n  prune.rewind-to: [{numbers}]", StringComparison.Ordinal);
        Assert.EndsWith(": the matrix has 2,000,000 cells, more than 10,000; make it smaller, or confirm with --large.", Wrong(() => Read(study)));
    }

    [Fact]
    public void A_large_matrix_can_be_meant()
    {
        string numbers = string.Join(", ", Enumerable.Range(1, 6000));
        string study = Good.Replace("  schedule: [iterative, one-shot]", $"  train.evaluate.every: [{numbers}]", StringComparison.Ordinal);
        Assert.Equal(12_000, Read(study, new() { Large = true }).Cells.Length);
    }

    [Fact]
    public void A_scale_is_laid_over_the_file_and_options_over_both()
    {
        Study quick = Read(Good, new() { Scale = "quick", Set = ["prune.levels=1", "matrix.criterion=[movement]"], Replicates = 7, Seed = ulong.MaxValue - 6 });
        Assert.Equal("{ evaluate: { every: 100, training: 5000 }, batch: 20, optimizer: { adam: { lr: 1.2e-3 } }, schedule: constant, epochs: 1 }", quick.Resolved["train"]!.Line);
        Assert.Equal((7, ulong.MaxValue - 6), (quick.Replicates, quick.Seeds.First()));
        Assert.Equal(1, quick.Cells[0].Definition.Pruning.Levels);
        Assert.Equal(["movement iterative", "movement one-shot"], Cells(quick));
        Assert.Equal([ulong.MaxValue - 1, ulong.MaxValue], quick.Seeds.TakeLast(2));
        Assert.Contains("use a smaller one", Wrong(() => Read(Good, new() { Replicates = 7, Seed = ulong.MaxValue - 5 })), StringComparison.Ordinal);
        Assert.Equal((2, 5), (Read(Good, new() { Scale = "quick" }).Replicates, Read(Good).Replicates));
    }

    [Fact]
    public void Keys_left_out_take_the_defaults()
    {
        Study study = Read(Good);
        Assert.Equal("{ rate: { conv: 0.1, fc: 0.2, output: 0.1 }, scope: layer, rewind-to: 0, untrained: false, levels: 2 }", study.Resolved["prune"]!.Line);
        Assert.Equal(("rewind", "zero", "none"), (study.Resolved["mask1"]!.Text, study.Resolved["mask0"]!.Text, study.Resolved["controls"]!.Text));
        Assert.Null(study.Resolved["criterion"]);
        Assert.Equal((0.2m, 0.1m, 0), (study.Cells[0].Definition.Pruning.Fc, study.Cells[0].Definition.Pruning.Output, study.Cells[0].Definition.Pruning.RewindTo));
    }

    [Fact]
    public void A_threshold_takes_the_place_of_rates()
    {
        Study study = Read(Good.Replace("levels: 2", "levels: 1, allocation: { threshold: -0.02 }", StringComparison.Ordinal));
        Assert.Equal("{ scope: layer, rewind-to: 0, untrained: false, levels: 1, allocation: { threshold: -0.02 } }", study.Resolved["prune"]!.Line);
        Assert.Equal(-0.02, study.Cells[0].Definition.Pruning.Threshold);
        Assert.Null(Read(Good).Cells[0].Definition.Pruning.Threshold);
        Assert.Equal([0.1, 0.2], Read(Good.Replace("  schedule: [iterative, one-shot]", "  prune.allocation.threshold: [0.1, 0.2]", StringComparison.Ordinal))
            .Cells.Select(cell => cell.Definition.Pruning.Threshold!.Value).Distinct());
        Assert.EndsWith(": prune has both rate and allocation; keep one.", Wrong(() =>
            Read(Good.Replace("levels: 2", "levels: 1, rate: { fc: 0.1 }, allocation: { threshold: 1 }", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_and_untrained_weights_are_values_like_others()
    {
        Study study = Read(Good.Replace("matrix:", "mask: a.safetensors\nmatrix:", StringComparison.Ordinal)
            .Replace("levels: 2", "levels: 0, untrained: true", StringComparison.Ordinal));
        Assert.Equal(("a.safetensors", true), (study.Cells[0].Mask, study.Cells[0].Definition.Pruning.Untrained));
        Assert.EndsWith(": prune.schedule is iterative, but untrained masks are one-shot; leave it out.", Wrong(() =>
            Read(Good.Replace("levels: 2", "levels: 2, untrained: true", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Equal((null, false), (Read(Good).Cells[0].Mask, Read(Good).Cells[0].Definition.Pruning.Untrained));
    }

    private static IEnumerable<string> Cells(Study study) =>
        study.Cells.Select(cell => string.Join(' ', cell.Values.Select(value => value.Text)));

    private static string Wrong(Action read) => Assert.Throws<UserException>(read).Message;

    private Study Read(string text, StudyOverrides? overrides = null) => Study.Read(Write(text), overrides ?? new());

    private string Write(string text)
    {
        File.WriteAllText(_folder["study.yaml"], text);
        return _folder["study.yaml"];
    }
}
