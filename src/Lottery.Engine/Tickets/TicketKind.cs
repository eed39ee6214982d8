namespace Lottery.Tickets;

/// <summary>What a ticket's weights come from, beside its mask.</summary>
public enum TicketKind
{
    /// <summary>From a seed and a rule: the untrained ticket, or a supermask.</summary>
    Recipe,

    /// <summary>From the values in the file.</summary>
    Trained,

    /// <summary>From a sign for each kept weight, and one magnitude a layer.</summary>
    Signed,
}

/// <summary>How the weights of a trained ticket are written; biases and normalizations always are single precision.</summary>
public enum ValueFormat
{
    /// <summary>Single precision: every bit comes back.</summary>
    F32,

    /// <summary>Half precision, rounded to nearest, ties to even.</summary>
    F16,

    /// <summary>
    /// Whole numbers from −127 to 127 times one single-precision step for each output (a row of a linear layer, a
    /// channel of a convolution): its largest magnitude ÷ 127.
    /// </summary>
    I8,
}
