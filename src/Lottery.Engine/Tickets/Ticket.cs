using System.Collections.Immutable;
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

    /// <summary>The weights that take part.</summary>
    public Mask Mask { get; }

    /// <summary>
    /// What the network predicts with, in full shape: kept values and, where the mask-0 action is not zero, pruned ones. In
    /// an <see cref="ValueFormat.F16"/>, <see cref="ValueFormat.I8"/> or signed ticket these are the rounded values.
    /// </summary>
    public Weights Weights { get; }

    /// <summary>How the weights come from a seed; null unless the kind is <see cref="TicketKind.Recipe"/>.</summary>
    public Recipe? Recipe { get; internal init; }

    /// <summary>How the values are written, in a <see cref="TicketKind.Trained"/> ticket.</summary>
    public ValueFormat Format { get; internal init; }

    /// <summary>True for a trained ticket with pruned weights that are not zero: the file has the values of all weights.</summary>
    public bool IsDense { get; internal init; }

    /// <summary>How the bytes of an image become the network's input.</summary>
    public PixelScale Scale { get; init; } = PixelScale.Unit;

    /// <summary>What the classes are called, in the order of the scores; empty where nobody named them.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>Where it comes from.</summary>
    public Provenance Provenance { get; init; } = Provenance.Unknown;

    /// <summary>
    /// What the file has after its masks: kept, since what was rounded need not give the same bytes when it is rounded again.
    /// </summary>
    internal byte[] Values { get; }

    /// <summary>A mask and a seed.</summary>
    /// <exception cref="UserException">An action of the recipe is unknown.</exception>
    /// <exception cref="ArgumentException">Its mask-0 action looks at trained weights.</exception>
    public static Ticket FromRecipe(Mask mask, Recipe recipe)
    {
        Weights weights = recipe.Weights(mask);
        return new(TicketKind.Recipe, mask, weights, TicketCodec.HashOf(weights)) { Recipe = recipe };
    }

    /// <summary>A mask and values; pruned values that are not zero are written too.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="weights">In full shape, all finite.</param>
    /// <param name="format">How they are rounded.</param>
    /// <exception cref="ArgumentException">A value is not finite, or too large for the format.</exception>
    public static Ticket FromTrained(Mask mask, Weights weights, ValueFormat format = ValueFormat.F32) =>
        WithValues(mask, weights, new(TicketKind.Trained, format, Dense: HasPruned(mask, weights)));

    /// <summary>A mask, a sign for each kept weight, and their mean magnitude in each layer; other parameters as they are.</summary>
    /// <exception cref="ArgumentException">A value is not finite, or a pruned one not zero.</exception>
    public static Ticket FromSigns(Mask mask, Weights weights) => !HasPruned(mask, weights)
        ? WithValues(mask, weights, new(TicketKind.Signed, ValueFormat.F32, Dense: false))
        : throw new ArgumentException("Signs say nothing of pruned weights, and these are not zero: a trained ticket holds them.", nameof(weights));

    /// <summary>The ticket in a file.</summary>
    /// <exception cref="UserException">There is no such file, or it is no ticket.</exception>
    public static Ticket Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return TicketCodec.Load(file);
        }
        catch (InvalidDataException wrong)
        {
            throw new UserException($"{path}: {wrong.Message}", 2, wrong);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserException($"{path} cannot be read: {wrong.Message.TrimEnd('.')}.", 2, wrong);
        }
    }

    /// <summary>The ticket in these bytes, which may come from anyone: it takes bounded time and memory.</summary>
    /// <exception cref="InvalidDataException">They are none; the message is one sentence.</exception>
    public static Ticket Read(ReadOnlySpan<byte> bytes) => TicketCodec.Read(bytes);

    /// <summary>The bytes of its file.</summary>
    /// <exception cref="UserException">
    /// No ticket can say what it says: its network is too large, or a text is too long; the message says which.
    /// </exception>
    public byte[] Write() => TicketCodec.Write(this);

    /// <summary>Writes its file: afterwards the old one is there or the new one, whole.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Save(string path)
    {
        byte[] bytes = Write();
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            if (File.Exists(temporary)) File.Delete(temporary);
            throw new UserException($"{path} cannot be written: {wrong.Message.TrimEnd('.')}.", 1, wrong);
        }
    }

    // What is read back is what the ticket predicts with.
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

    // Minus zero is zero here: masks of other programs leave it behind.
    private static bool HasPruned(Mask mask, Weights weights)
    {
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            if (mask[p] is not { } kept) continue;
            ReadOnlySpan<float> values = weights[p];
            for (int i = 0; i < values.Length; i++)
                if (values[i] != 0 && !kept[i]) return true;
        }
        return false;
    }
}
