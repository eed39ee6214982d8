namespace Lottery.Networks;

/// <summary>What a layer counts as when rates are given by kind (Frankle &amp; Carbin 2019, Figure 2).</summary>
public enum LayerKind
{
    /// <summary>A convolution.</summary>
    Conv,

    /// <summary>A fully connected layer that is not the last.</summary>
    Fc,

    /// <summary>The last linear layer.</summary>
    Output,

    /// <summary>A normalization: never pruned.</summary>
    Normalization,
}
