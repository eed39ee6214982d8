using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lottery.Specifications;
using static Lottery.Studies.Identity.CanonicalJson;

namespace Lottery.Studies.Identity;

/// <summary>A training's specification as JSON, there and back.</summary>
internal static class TrainingJson
{
    public static JsonObject Write(TrainingSpecification training)
    {
        JsonObject measurements = new() { ["test-at"] = Steps(training.Measurements.TestAt) };
        if (training.Measurements.TrainingSample is { } sample) measurements["training-sample"] = sample;
        JsonObject json = new()
        {
            ["optimizer"] = Write(training.Optimizer),
            ["schedule"] = Write(training.Schedule),
            ["batch"] = training.Batch,
            ["steps"] = training.Steps,
            ["evaluate"] = training.Evaluate,
            ["measurements"] = measurements,
        };
        if (training.OrderSeed is { } seed) json["order-seed"] = seed;
        return json;
    }

    public static TrainingSpecification Read(JsonNode training) => new()
    {
        Optimizer = ReadOptimizer(training["optimizer"]!),
        Schedule = new()
        {
            At = ReadSteps(training["schedule"]!["at"]!),
            Factor = training["schedule"]!["factor"]!.GetValue<double>(),
            Cosine = training["schedule"]!["cosine"]?.GetValue<double>(),
            WarmUp = training["schedule"]!["warm-up"]!.GetValue<int>(),
        },
        Batch = training["batch"]!.GetValue<int>(),
        Steps = training["steps"]!.GetValue<int>(),
        Evaluate = training["evaluate"]!.GetValue<int>(),
        Measurements = new()
        {
            TestAt = ReadSteps(training["measurements"]!["test-at"]!),
            TrainingSample = training["measurements"]!["training-sample"]?.GetValue<int>(),
        },
        OrderSeed = training["order-seed"]?.GetValue<ulong>(),
    };

    private static JsonArray Steps(ImmutableArray<int> steps) => new([.. steps.Select(step => JsonValue.Create(step))]);

    private static ImmutableArray<int> ReadSteps(JsonNode steps) => [.. steps.AsArray().Select(step => step!.GetValue<int>())];

    /// <summary>A cosine is written where there is one.</summary>
    private static JsonObject Write(LearningRateSchedule schedule)
    {
        JsonObject json = new()
        {
            ["at"] = Steps(schedule.At),
            ["factor"] = Number(schedule.Factor),
            ["warm-up"] = schedule.WarmUp,
        };
        if (schedule.Cosine is { } cosine) json["cosine"] = Number(cosine);
        return json;
    }

    /// <summary>The optimizer's name in files and options.</summary>
    public static string NameOf(Optimizer optimizer) => Write(optimizer).Single().Key;

    /// <summary>The parameters of Adam's moments; null for an optimizer without them.</summary>
    public static Adam? MomentsOf(Optimizer optimizer) => optimizer switch
    {
        Adam adam => adam,
        AdamW adam => new(adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon),
        _ => null,
    };

    private static JsonObject Write(Optimizer optimizer) => optimizer switch
    {
        Adam adam => new()
        {
            ["adam"] = new JsonObject
            {
                ["learning-rate"] = Number(adam.LearningRate),
                ["beta1"] = Number(adam.Beta1),
                ["beta2"] = Number(adam.Beta2),
                ["epsilon"] = Number(adam.Epsilon),
            },
        },
        AdamW adam => new()
        {
            ["adamw"] = new JsonObject
            {
                ["learning-rate"] = Number(adam.LearningRate),
                ["weight-decay"] = Number(adam.WeightDecay),
                ["beta1"] = Number(adam.Beta1),
                ["beta2"] = Number(adam.Beta2),
                ["epsilon"] = Number(adam.Epsilon),
            },
        },
        Sgd sgd => new()
        {
            ["sgd"] = new JsonObject
            {
                ["learning-rate"] = Number(sgd.LearningRate),
                ["momentum"] = Number(sgd.Momentum),
                ["weight-decay"] = Number(sgd.WeightDecay),
                ["nesterov"] = sgd.Nesterov,
            },
        },
        _ => throw new NotSupportedException($"{optimizer.GetType().Name} has no spelling in a run's identity."),
    };

    private static Optimizer ReadOptimizer(JsonNode optimizer)
    {
        if (optimizer["adam"] is { } adam)
            return new Adam(
                adam["learning-rate"]!.GetValue<double>(),
                adam["beta1"]!.GetValue<double>(),
                adam["beta2"]!.GetValue<double>(),
                adam["epsilon"]!.GetValue<double>());
        if (optimizer["adamw"] is { } decayed)
            return new AdamW(
                decayed["learning-rate"]!.GetValue<double>(),
                decayed["weight-decay"]!.GetValue<double>(),
                decayed["beta1"]!.GetValue<double>(),
                decayed["beta2"]!.GetValue<double>(),
                decayed["epsilon"]!.GetValue<double>());
        if (optimizer["sgd"] is { } sgd)
            return new Sgd(
                sgd["learning-rate"]!.GetValue<double>(),
                sgd["momentum"]!.GetValue<double>(),
                sgd["weight-decay"]!.GetValue<double>(),
                sgd["nesterov"]!.GetValue<bool>());
        throw new FormatException("its optimizer is none of adam, adamw and sgd");
    }
}
