using System.Globalization;
using Lottery.Cuda.Driver;
using Lottery.Training;

namespace Lottery.Cuda.Training;

/// <summary>What <c>--device</c> states: where runs are trained. It changes no result.</summary>
/// <param name="Card">The card's number; null for the processor, or where it is left to the program.</param>
/// <param name="IsAuto">A card where there is one and the work is worth it, otherwise the processor.</param>
internal readonly record struct DeviceChoice(int? Card, bool IsAuto)
{
    /// <summary>A card where there is one and the work is worth it.</summary>
    public static DeviceChoice Auto { get; } = new(null, true);

    /// <summary>Reads <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public static bool TryRead(string text, out DeviceChoice choice)
    {
        int number = 0;
        bool isCard = text == "cuda" || (text.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out number));
        choice = isCard ? new(number, false) : new(null, text == "auto");
        return isCard || text is "auto" or "cpu";
    }

    /// <inheritdoc/>
    public override string ToString() => Card is { } number ? FormattableString.Invariant($"cuda:{number}") : IsAuto ? "auto" : "cpu";
}

/// <summary>The device that was chosen, which is opened when it is known how much work there is, and stays open to the process's end.</summary>
/// <param name="choice">The choice.</param>
/// <param name="say">Receives what the user should know about it, in sentences.</param>
/// <param name="open">Opens a card by its number; null for the driver's.</param>
internal sealed class SelectedDevice(DeviceChoice choice, Action<string> say, Func<int, IDevice>? open = null) : ITrainingDevice
{
    /// <summary>Less work than this, in seconds of one thread, is done before a card has its kernels.</summary>
    private const double WorthACard = 60;

    private CudaTrainingDevice? _card;

    /// <summary>Runs that a card trains at once; null where they are the processor's.</summary>
    public int? AtOnce { get; private set; }

    /// <summary>What the card does now; null where runs are trained by the processor.</summary>
    public CardUse? Look() => _card?.Look(choice.Card ?? 0);

    /// <summary>Opens the device.</summary>
    /// <param name="seconds">The work, in seconds of one of the processor's threads.</param>
    /// <exception cref="UserException">The card that was asked for cannot be used.</exception>
    public void Open(double seconds)
    {
        if (_card is not null || (choice.Card is null && (!choice.IsAuto || seconds < WorthACard))) return;
        IDevice card;
        try
        {
            card = (open ?? (number => new CudaDevice(number)))(choice.Card ?? 0);
        }
        catch (DeviceException missing) when (choice.IsAuto)
        {
            DebugLog.Write("device", missing.Message);
            return;
        }
        (_card, AtOnce) = (new(card) { Say = say }, card.Multiprocessors);
        say($"Runs are trained on {card.Name}; --device cpu trains them on the processor, with the same results.");
    }

    /// <inheritdoc/>
    public ITrainingEngine Begin(TrainingTask task, EpochOrders orders, int threads) =>
        ((ITrainingDevice?)_card ?? CpuDevice.Default).Begin(task, orders, threads);
}
