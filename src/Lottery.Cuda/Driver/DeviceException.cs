using Lottery.Training;

namespace Lottery.Cuda.Driver;

/// <summary>What a card's error means for the work that it did.</summary>
internal enum DeviceFault
{
    /// <summary>There is no card that can be used: the work can be done on the processor.</summary>
    Missing,

    /// <summary>The card's memory is full: the work can be done on the processor, or later.</summary>
    OutOfMemory,

    /// <summary>The card has gone, or does not answer: nothing can be read from it any more.</summary>
    Lost,

    /// <summary>A kernel or a call was wrong.</summary>
    Wrong,
}

/// <summary>A card that cannot do the work, in one sentence.</summary>
/// <param name="fault">What that means.</param>
/// <param name="message">The sentence.</param>
internal sealed class DeviceException(DeviceFault fault, string message) : TrainingDeviceException(message)
{
    /// <summary>What that means.</summary>
    public DeviceFault Fault { get; } = fault;
}
