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
            ["schedule"] = new JsonObject
            {
                ["at"] = Steps(training.Schedule.At),
                ["factor"] = Number(training.Schedule.Factor),
                ["warm-up"] = training.Schedule.WarmUp,
            },
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
        Sgd sgd => new()
        {
            ["sgd"] = new JsonObject
            {
                ["learning-rate"] = Number(sgd.LearningRate),
                ["momentum"] = Number(sgd.Momentum),
                ["weight-decay"] = Number(sgd.WeightDecay),
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
        if (optimizer["sgd"] is { } sgd)
            return new Sgd(
                sgd["learning-rate"]!.GetValue<double>(),
                sgd["momentum"]!.GetValue<double>(),
                sgd["weight-decay"]!.GetValue<double>());
        throw new FormatException("its optimizer is neither adam nor sgd");
    }
}
