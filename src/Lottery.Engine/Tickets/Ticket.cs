using System.Collections.Immutable;
using Lottery.Files;
using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>
/// A network in a file of its own (<c>.ticket</c>): a mask, and weights that come from a seed, from values, or from signs.
/// docs/ticket-format.md describes every byte.
/// </summary>
public sealed record Ticket
{
    internal Ticket(TicketKind kind, Mask mask, Weights weights, byte[] values) =>
        (Kind, Mask, Weights, Values) = (kind, mask, weights, values);

    /// <summary>What the weights come from.</summary>
    public TicketKind Kind { get; }

    /// <summary>The network.</summary>
    public Network Network => Mask.Network;

    /// <summary>The kept weights.</summary>
    public Mask Mask { get; }

    /// <summary>
    /// The weights that the network predicts with, in full shape: kept values and, if the mask-0 action is not zero, pruned
    /// ones. In an <see cref="ValueFormat.F16"/>, <see cref="ValueFormat.I8"/> or signed ticket these are the rounded values.
    /// </summary>
    public Weights Weights { get; }

    /// <summary>How the weights come from a seed; null unless the kind is <see cref="TicketKind.Recipe"/>.</summary>
    public Recipe? Recipe { get; internal init; }

    /// <summary>The number format of the values of a <see cref="TicketKind.Trained"/> ticket.</summary>
    public ValueFormat Format { get; internal init; }

    /// <summary>True for a trained ticket with pruned weights that are not zero: the file stores the values of all weights.</summary>
    public bool IsDense { get; internal init; }

    /// <summary>How the bytes of an image become the network's input.</summary>
    public PixelScale Scale { get; init; } = PixelScale.Unit;

    /// <summary>The names of the classes, in the order of the scores; empty if they are not known.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>The run, data and measurements that it comes from.</summary>
    public Provenance Provenance { get; init; } = Provenance.Unknown;

    /// <summary>
    /// The bytes after the masks. They are kept because rounding already rounded values again need not give the same bytes.
    /// </summary>
    internal byte[] Values { get; }

    /// <summary>A ticket of a mask and a seed.</summary>
    /// <exception cref="UserException">An action of the recipe is unknown.</exception>
    /// <exception cref="ArgumentException">Its mask-0 action depends on trained weights.</exception>
    public static Ticket FromRecipe(Mask mask, Recipe recipe)
    {
        Weights weights = recipe.Weights(mask);
        return new(TicketKind.Recipe, mask, weights, TicketCodec.HashOf(weights)) { Recipe = recipe };
    }

    /// <summary>A ticket of a mask and values; pruned values that are not zero are stored too.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="weights">In full shape, all finite.</param>
    /// <param name="format">The number format to round them to.</param>
    /// <exception cref="ArgumentException">A value is not finite, or too large for the format.</exception>
    public static Ticket FromTrained(Mask mask, Weights weights, ValueFormat format = ValueFormat.F32) =>
        WithValues(mask, weights, new(TicketKind.Trained, format, Dense: !mask.IsZeroWherePruned(weights)));

    /// <summary>A ticket of a mask, a sign for each kept weight, and their mean magnitude in each layer; other parameters are stored as they are.</summary>
    /// <exception cref="ArgumentException">A value is not finite, or a pruned value is not zero.</exception>
    public static Ticket FromSigns(Mask mask, Weights weights) => mask.IsZeroWherePruned(weights)
        ? WithValues(mask, weights, new(TicketKind.Signed, ValueFormat.F32, Dense: false))
        : throw new ArgumentException("A signed ticket stores no pruned weights, and these are not zero: make a trained ticket instead.", nameof(weights));

    /// <summary>Reads a ticket from a file.</summary>
    /// <exception cref="UserException">The file does not exist, or is not a ticket.</exception>
    public static Ticket Load(string path)
    {
        try
        {
            using FileStream file = InputFile.Open(path);
            return TicketCodec.Load(file);
        }
        catch (InvalidDataException wrong)
        {
            throw new UserException($"{path}: {wrong.Message}", wrong);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // A native program may have been published without the texts of .NET's own messages.
            string why = wrong switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException => "it is a folder, or may not be read",
                _ => wrong.Message.TrimEnd('.'),
            };
            throw new UserException($"{path} cannot be read: {why}.", wrong);
        }
    }

    /// <summary>Reads a ticket from bytes. They may be untrusted: time and memory are bounded.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a ticket; the message is one sentence.</exception>
    public static Ticket Read(ReadOnlySpan<byte> bytes) => TicketCodec.Read(bytes);

    /// <summary>The bytes of its file.</summary>
    /// <exception cref="UserException">
    /// The format cannot hold it: the network is too large, or a text is too long; the message says which.
    /// </exception>
    public byte[] Write() => TicketCodec.Write(this);

    /// <summary>Writes the file atomically: after a crash there is either the old file or the complete new one.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Save(string path)
    {
        byte[] bytes = Write();
        try
        {
            AtomicFile.Write(path, bytes);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new WorkFailedException($"{path} cannot be written: {wrong.Message.TrimEnd('.')}.", wrong);
        }
    }

    // The ticket predicts with the values that a reader of the file gets.
    private static Ticket WithValues(Mask mask, Weights weights, ValueLayout layout)
    {
        byte[] values = ValueWriter.Write(mask, weights, layout);
        try
        {
            return new(layout.Kind, mask, ValueReader.Read(values, mask, layout), values) { Format = layout.Format, IsDense = layout.Dense };
        }
        catch (FormatException wrong)
        {
            throw new ArgumentException($"These weights cannot be in a ticket: {wrong.Message}.", nameof(weights), wrong);
        }
    }
}

/// <summary>What a ticket's weights come from, in addition to its mask.</summary>
public enum TicketKind
{
    /// <summary>From a seed and a rule: the untrained ticket, or a supermask.</summary>
    Recipe,

    /// <summary>From the values in the file.</summary>
    Trained,

    /// <summary>From a sign for each kept weight, and one magnitude a layer.</summary>
    Signed,
}

/// <summary>The number format of a trained ticket's weights; biases and normalization parameters are always single precision.</summary>
public enum ValueFormat
{
    /// <summary>Single precision: lossless.</summary>
    F32,

    /// <summary>Half precision, rounded to nearest, ties to even.</summary>
    F16,

    /// <summary>
    /// Integers from −127 to 127 times one single-precision scale for each output (a row of a linear layer, a
    /// channel of a convolution): its largest magnitude ÷ 127.
    /// </summary>
    I8,
}
