namespace Lottery.Studies.Settings;

/// <summary>What settings name of a starting point.</summary>
internal sealed record StartingFiles
{
    /// <summary>The initial mask: a file, or the beginning of a run's id; null for that of the weights, or a dense network.</summary>
    public string? Mask { get; init; }

    /// <summary>A file with initial weights; null for those of each seed.</summary>
    public string? Initial { get; init; }

    /// <summary>A file with pretrained weights; null for those of <see cref="Model"/>, or to train level 0.</summary>
    public string? Final { get; init; }

    /// <summary>An ONNX model that the network comes from, whose weights are pretrained ones; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>Which tensors of the files are which of the network, where names do not say so.</summary>
    public string? Map { get; init; }
}
