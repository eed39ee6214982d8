namespace Lottery.Networks;

/// <summary>What a tensor of a network is for.</summary>
public enum ParameterRole
{
    /// <summary>Weights: sampled from the initial distribution, trained, and masked where the layer is prunable.</summary>
    Weight,

    /// <summary>Added to a unit or channel: starts at zero, trained, never masked.</summary>
    Bias,

    /// <summary>What a normalized channel is multiplied by: starts at one, trained, never masked.</summary>
    Scale,

    /// <summary>The running mean of a channel, used outside training: starts at zero, no optimizer moves it.</summary>
    RunningMean,

    /// <summary>The running variance of a channel, used outside training: starts at one, no optimizer moves it.</summary>
    RunningVariance,
}
