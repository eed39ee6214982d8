using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.UnitTests.Studies;

public sealed class RunIdentityTests
{
    [Fact]
    public void The_id_is_the_hash_of_the_text()
    {
        RunSpecification run = MadeUp.Next(MadeUp.Dense());
        byte[] text = Encoding.UTF8.GetBytes(RunIdentity.Canonical(run));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(text)), RunIdentity.Of(run));
    }

    public static TheoryData<string> Golden { get; } = [.. GoldenIds.All.Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Golden))]
    public void No_id_changes(string name)
    {
        GoldenId golden = GoldenIds.All.Single(golden => golden.Name == name);
        string id = RunIdentity.Of(golden.Run);
        Assert.True(id == golden.Id, $"The id of '{name}' is now {id}.");
    }

    [Fact]
    public void Every_field_matters() =>
        Assert.Equal(GoldenIds.All.Length, GoldenIds.All.Select(golden => RunIdentity.Of(golden.Run)).Distinct().Count());

    [Fact]
    public void Every_field_is_there_with_its_default() => Assert.Equal(
        """
        {"control":"none",
        "data":{"augment":[],"scale":"unit","sha256":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "split-seed":0,"validation":5000},
        "draw":0,
        "format":5,
        "kernels":{"dense":1,"kept-only":1,"loss":1,"plan":2,"update":1},
        "level":0,
        "network":"784 fc1=linear(300) relu fc2=linear(100) relu output=linear(10) glorot-normal",
        "seed":0,
        "training":{"batch":60,"evaluate":100,"measurements":{"test-at":[],"training-sample":5000},
        "optimizer":{"adam":{"beta1":0.9,"beta2":0.999,"epsilon":1e-08,"learning-rate":0.0012}},
        "schedule":{"at":[],"factor":1,"warm-up":0},"steps":50380}}
        """.ReplaceLineEndings(""), RunIdentity.Canonical(GoldenIds.All[0].Run));

    [Fact]
    public void What_a_network_is_called_does_not_matter()
    {
        RunSpecification catalogue = MadeUp.Dense(network: NetworkCatalogue.Get("lenet-300-100"));
        RunSpecification rule = MadeUp.Dense(network: NetworkCatalogue.Get("mlp:784-300-100-10"));
        Assert.Equal(RunIdentity.Of(catalogue), RunIdentity.Of(rule));
    }

    [Fact]
    public void Trailing_zeros_of_a_rate_do_not_matter()
    {
        RunSpecification run = MadeUp.Next(MadeUp.Dense());
        RunSpecification same = run with { Prune = run.Prune! with { Rates = new(0.1000m, 0.2m, 0.100m) } };
        Assert.Equal(RunIdentity.Of(run), RunIdentity.Of(same));
    }

    [Fact]
    public void Rates_and_scope_do_not_matter_beside_a_threshold()
    {
        RunSpecification run = MadeUp.Next(MadeUp.Dense());
        RunSpecification one = run with { Prune = run.Prune! with { Threshold = 1 } };
        RunSpecification same = run with { Prune = run.Prune! with { Threshold = 1, Rates = PruneRates.None, Scope = PruneScope.Network } };
        Assert.Equal(RunIdentity.Of(one), RunIdentity.Of(same));
    }

    [Fact]
    public void Level_0_knows_nothing_of_pruning()
    {
        JsonObject json = JsonNode.Parse(RunIdentity.Canonical(MadeUp.Dense()))!.AsObject();
        Assert.False(json.ContainsKey("prune"));
        Assert.False(json.ContainsKey("parent"));
    }

    [Fact]
    public void Every_specification_reads_back() => Specifications.Sample(run =>
    {
        JsonNode json = JsonNode.Parse(RunIdentity.Canonical(run))!;
        RunSpecification read = SpecificationJson.Read(json, "any", id => id == RunIdentity.Of(run.Parent!) ? run.Parent! : null!);
        return RunIdentity.Canonical(read) == RunIdentity.Canonical(run);
    });

    [Fact]
    public void The_text_is_canonical_already() => Specifications.Sample(run =>
        CanonicalJson.Write(JsonNode.Parse(RunIdentity.Canonical(run))!) == RunIdentity.Canonical(run));

    [Theory]
    [InlineData(0.0012, "0.0012")]
    [InlineData(1e-8, "1e-08")]
    [InlineData(1.0, "1")]
    [InlineData(-0.0, "0")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    public void Numbers_have_one_spelling(double value, string text) =>
        Assert.Equal(text, CanonicalJson.Write(CanonicalJson.Number(value)));

    [Fact]
    public void What_is_no_number_is_refused() => Assert.Throws<ArgumentException>(() => CanonicalJson.Number(double.NaN));

    private static Gen<RunSpecification> Specifications { get; } =
        Gen.Select(Gen.ULong, Gen.Double[1e-9, 10.0], Gen.Int[1, 100_000], Gen.Bool, Gen.Decimal[0m, 0.9m], Gen.Int[0, 3])
            .Select((seed, rate, steps, adam, share, depth) =>
            {
                RunSpecification run = MadeUp.Dense(seed);
                run = run with
                {
                    Data = run.Data with { SplitSeed = seed % 3 == 0 ? null : seed, Scale = (Scaling)(seed % 2), Augment = (Augmentation)(seed / 2 % 4) },
                    Training = new()
                    {
                        OrderSeed = seed % 5 == 0 ? null : seed,
                        Measurements = new() { TestAt = steps % 2 == 0 ? [] : [steps / 3, steps], TrainingSample = steps % 3 == 0 ? null : steps },
                        Steps = steps,
                        Optimizer = adam ? (steps % 2 == 0 ? Optimizer.Adam(rate) : Optimizer.AdamW(rate, 0.1)) : Optimizer.Sgd(rate, 0.9, 1e-4, nesterov: steps % 3 == 0),
                        Schedule = new() { At = [steps / 2, steps], Factor = rate, WarmUp = steps % 7, Cosine = steps % 5 == 0 ? rate : null },
                    },
                };
                for (int level = 0; level < depth; level++)
                {
                    run = MadeUp.Next(run, criterion: "abs(wf) - 0.5*abs(wi) > \"é\"");
                    PruneRates rates = new(share, share / 3, 0.5m);
                    run = run with { Prune = run.Prune! with { Rates = rates, Schedule = PruneSchedule.OneShot } };
                }
                if (steps % 3 == 0) run = run with { Start = new(new('e', 64)), Actions = new("constant", "initial", steps % 5) };
                if (steps % 5 < 3)
                    run = run with { Start = new(run.Start?.Mask, steps % 5 == 0 ? null : new('7', 64), steps % 5 == 1 ? null : new('8', 64)) };
                if (steps % 2 == 0 && depth > 0) run = run with { Prune = run.Prune! with { Threshold = -rate, Rates = PruneRates.None } };
                return depth == 3 ? MadeUp.Next(run, Control.Reinit) with { Draw = steps % 4 } : run;
            });
}
