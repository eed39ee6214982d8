using System.Text.Json;

namespace Lottery.Gpu.Peers;

/// <summary>What bench/peers/pytorch_gpu.py prints.</summary>
/// <param name="Torch">PyTorch's version.</param>
/// <param name="Cuda">The version of CUDA that it is built for; null if for none.</param>
/// <param name="Device">What it ran on.</param>
/// <param name="Timings">The measurements.</param>
internal sealed record PeerDocument(string Torch, string? Cuda, string Device, PeerTiming[] Timings)
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads it.</summary>
    /// <exception cref="UserException">It is not such a document.</exception>
    public static PeerDocument Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<PeerDocument>(text, s_options) ?? throw new JsonException("it is null");
        }
        catch (JsonException problem)
        {
            throw new UserException($"what it printed is no document of times: {problem.Message}");
        }
    }
}

/// <summary>One measurement of PyTorch.</summary>
/// <param name="Network">The network.</param>
/// <param name="Batch">Examples of a batch.</param>
/// <param name="Form">How the step runs: eager, graph or batched.</param>
/// <param name="Replicates">Replicates that are trained at once.</param>
/// <param name="Milliseconds">A step of all of them; null if it could not be measured.</param>
/// <param name="Problem">Why it could not.</param>
internal sealed record PeerTiming(string Network, int Batch, string Form, int Replicates, double? Milliseconds, string? Problem)
{
    /// <summary>A step of one replicate.</summary>
    public double? OfOne => Milliseconds / Replicates;
}
