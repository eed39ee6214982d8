using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>
/// A network in a file of its own (<c>.ticket</c>): a mask, and weights that come from a seed, from values, or from signs.
/// docs/ticket-format.md describes every byte.
/// </summary>
public sealed record Ticket
{
    /// <summary>Bytes of a recipe that tell whether the seed gave the right weights: the first of their SHA-256.</summary>
    private const int WeightsHash = 16;

    // What the file has after its masks: kept, since rounding what was rounded need not give the same steps again.
    private readonly byte[] _values;

    private Ticket(TicketKind kind, Mask mask, Weights weights, byte[] values) =>
        (Kind, Mask, Weights, _values) = (kind, mask, weights, values);

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
    public Recipe? Recipe { get; private init; }

    /// <summary>How the values are written, in a <see cref="TicketKind.Trained"/> ticket.</summary>
    public ValueFormat Format { get; private init; }

    /// <summary>True for a trained ticket with pruned weights that are not zero: the file has the values of all weights.</summary>
    public bool IsDense { get; private init; }

    /// <summary>How the bytes of a picture become the network's input.</summary>
    public PixelScale Scale { get; init; } = PixelScale.Unit;

    /// <summary>What the classes are called, in the order of the scores; empty where nobody named them.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>Where it comes from.</summary>
    public Provenance Provenance { get; init; } = Provenance.Unknown;

    /// <summary>A mask and a seed.</summary>
    /// <exception cref="UserException">An action of the recipe is unknown.</exception>
    /// <exception cref="ArgumentException">Its mask-0 action looks at trained weights.</exception>
    public static Ticket FromRecipe(Mask mask, Recipe recipe)
    {
        RequirePossible(mask.Network);
        Weights weights = recipe.Weights(mask);
        return new(TicketKind.Recipe, mask, weights, HashOf(weights)) { Recipe = recipe };
    }

    /// <summary>A mask and values; pruned values that are not zero are written too.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="weights">In full shape, all finite.</param>
    /// <param name="format">How they are rounded.</param>
    /// <exception cref="ArgumentException">A value is not finite, or too large for the format.</exception>
    public static Ticket FromTrained(Mask mask, Weights weights, ValueFormat format = ValueFormat.F32)
    {
        RequirePossible(mask.Network);
        bool dense = HasPruned(mask, weights);
        byte[] values = ValueWriter.Write(mask, weights, format, dense);
        return new(TicketKind.Trained, mask, Rounded(() => ValueReader.Read(values, mask, format, dense)), values)
        {
            Format = format, IsDense = dense,
        };
    }

    /// <summary>A mask, a sign for each kept weight, and their mean magnitude in each layer; other parameters as they are.</summary>
    /// <exception cref="ArgumentException">A value is not finite, or a pruned one not zero.</exception>
    public static Ticket FromSigns(Mask mask, Weights weights)
    {
        RequirePossible(mask.Network);
        if (HasPruned(mask, weights))
            throw new ArgumentException("Signs say nothing of pruned weights, and these are not zero: a trained ticket holds them.", nameof(weights));
        byte[] values = ValueWriter.WriteSigned(mask, weights);
        return new(TicketKind.Signed, mask, Rounded(() => ValueReader.ReadSigned(values, mask)), values);
    }

    /// <summary>The ticket in a file.</summary>
    /// <exception cref="UserException">There is no such file, or it is no ticket.</exception>
    public static Ticket Load(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path));
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

    /// <summary>The ticket in these bytes, which may come from anyone.</summary>
    /// <exception cref="InvalidDataException">They are none; the message is one sentence.</exception>
    public static Ticket Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            TicketFile.Read(bytes, out ReadOnlySpan<byte> headerBytes, out ReadOnlySpan<byte> masks, out ReadOnlySpan<byte> values);
            TicketHeader header = HeaderReader.Read(headerBytes);
            Mask mask = MaskCodec.Read(masks, header.Network);
            return new(header.Kind, mask, WeightsOf(header, mask, values), values.ToArray())
            {
                Recipe = header.Recipe, Format = header.Format, IsDense = header.Dense, Scale = header.Scale, Classes = header.Classes, Provenance = header.Provenance,
            };
        }
        catch (FormatException wrong)
        {
            throw new InvalidDataException($"This is no ticket that can be read: {wrong.Message}.", wrong);
        }
    }

    /// <summary>The bytes of its file.</summary>
    public byte[] Write()
    {
        var header = new TicketHeader
        {
            Kind = Kind, Network = Network, Recipe = Recipe, Format = Format, Scale = Scale, Classes = Classes, Provenance = Provenance,
            Dense = IsDense,
        };
        return TicketFile.Write(HeaderWriter.Write(header), MaskCodec.Write(Mask), _values);
    }

    /// <summary>Writes its file: afterwards the old one is there or the new one, whole.</summary>
    /// <exception cref="UserException">It cannot be written.</exception>
    public void Save(string path)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                file.Write(Write());
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserException($"{path} cannot be written: {wrong.Message.TrimEnd('.')}.", 1, wrong);
        }
    }

    private static Weights WeightsOf(TicketHeader header, Mask mask, ReadOnlySpan<byte> values)
    {
        if (header.Kind == TicketKind.Trained) return ValueReader.Read(values, mask, header.Format, header.Dense);
        if (header.Kind == TicketKind.Signed) return ValueReader.ReadSigned(values, mask);
        Weights weights = header.Recipe!.Weights(mask);
        return HashOf(weights).AsSpan().SequenceEqual(values)
            ? weights
            : throw new FormatException("the weights that its seed gives are not those it was made of");
    }

    private static byte[] HashOf(Weights weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int p = 0; p < weights.Network.Parameters.Length; p++) hash.AppendData(MemoryMarshal.AsBytes(weights[p]));
        return hash.GetHashAndReset()[..WeightsHash];
    }

    private static void RequirePossible(Network network)
    {
        try
        {
            TicketHeader.ReadNetwork(network.Description, network.Name);
        }
        catch (FormatException wrong)
        {
            throw new ArgumentException($"{network.Name} cannot be in a ticket: {wrong.Message}.", nameof(network), wrong);
        }
    }

    private static Weights Rounded(Func<Weights> read)
    {
        try
        {
            return read();
        }
        catch (FormatException wrong)
        {
            throw new ArgumentException($"These weights cannot be in a ticket: {wrong.Message}.", wrong);
        }
    }

    // Minus zero is zero here: masks of other programs leave it behind.
    private static bool HasPruned(Mask mask, Weights weights)
    {
        for (int p = 0; p < mask.Network.Parameters.Length; p++)
        {
            if (mask[p] is not { } kept) continue;
            for (int i = 0; i < kept.Length; i++)
                if (!kept[i] && weights[p][i] != 0) return true;
        }
        return false;
    }
}
