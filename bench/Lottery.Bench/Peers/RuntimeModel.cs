using System.Diagnostics;
using Lottery.Formats.Onnx;
using Lottery.Networks;
using Microsoft.ML.OnnxRuntime;

namespace Lottery.Bench.Peers;

/// <summary>
/// ONNX Runtime on a network: one thread, all graph optimizations, the number of examples fixed, values bound once and
/// then used in place.
/// </summary>
internal sealed class RuntimeModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _inputs, _outputs;
    private readonly RunOptions _run = new();
    private readonly float[] _scores;

    /// <param name="weights">Pruned weights are there, as zeros.</param>
    /// <param name="inputs"><c>[batch, inputs]</c>, already scaled.</param>
    public RuntimeModel(Weights weights, float[] inputs) : this(OnnxWriter.Write(weights), weights.Network, inputs)
    {
    }

    /// <param name="model">A model as it is exported.</param>
    /// <param name="network">The network that it scores as.</param>
    /// <param name="inputs"><c>[batch, inputs]</c>, already scaled.</param>
    public RuntimeModel(byte[] model, Network network, float[] inputs)
    {
        int batch = inputs.Length / network.Inputs;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        options.AddFreeDimensionOverrideByName("N", batch);
        _session = new(model, options);
        _scores = new float[batch * network.Outputs];
        Shape shape = network.Input;
        _inputs = OrtValue.CreateTensorValueFromMemory(
            inputs, shape.IsFlat ? [batch, shape.Channels] : [batch, shape.Channels, shape.Height, shape.Width]);
        _outputs = OrtValue.CreateTensorValueFromMemory(_scores, [batch, network.Outputs]);
        _binding = _session.CreateIoBinding();
        _binding.BindInput(OnnxWriter.Input, _inputs);
        _binding.BindOutput(OnnxWriter.Output, _outputs);
    }

    public static string Version => typeof(InferenceSession).Assembly.GetName().Version!.ToString(3);

    /// <summary>The scores <c>[batch, classes]</c>.</summary>
    public float[] Scores()
    {
        _session.RunWithBinding(_run, _binding);
        return _scores;
    }

    /// <summary>Runs it; the seconds that took.</summary>
    public double Time(int runs)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs; i++) _session.RunWithBinding(_run, _binding);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        _binding.Dispose();
        _inputs.Dispose();
        _outputs.Dispose();
        _run.Dispose();
        _session.Dispose();
    }
}
