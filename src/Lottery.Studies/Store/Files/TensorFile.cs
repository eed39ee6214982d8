using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;
using Lottery.Training;

namespace Lottery.Studies.Store.Files;

/// <summary>The mask and weights of a finished run, in as few bytes as restore every bit.</summary>
/// <remarks>
/// In order: the number of parameters and the values in each (32 bits); the mask's bits; how the initial weights are
/// stored (a byte) and, unless the seed gives them, their values; the final values of kept weights and biases; the best
/// ones. Pruned weights are frozen, so that the initial weights give them for all three. Of a learned supermask the weights
/// are the initial ones throughout, and the final and the best scores follow, all of them.
/// </remarks>
internal sealed record TensorFile(Mask Mask, Weights Initial, Weights Final, Weights Best, SupermaskScores? Scores = null)
{
    private static readonly ChecksummedFile File = new("LOTTENSR");

    private enum InitialWeights : byte { FromSeed, KeptOnly, InFull }

    /// <summary>The bytes of the file.</summary>
    /// <param name="seedGivesInitial">The initial weights are not stored: the specification and the mask give them.</param>
    public byte[] Write(bool seedGivesInitial)
    {
        RequireFrozen(Final, nameof(Final));
        RequireFrozen(Best, nameof(Best));
        InitialWeights stored = seedGivesInitial ? InitialWeights.FromSeed : PrunedIsZero() ? InitialWeights.KeptOnly : InitialWeights.InFull;
        return File.Write(writer =>
        {
            writer.Write(Mask.Network.Parameters.Length);
            foreach (Parameter parameter in Mask.Network.Parameters) writer.Write(parameter.Count);
            for (int p = 0; p < Mask.Network.Parameters.Length; p++)
                if (Mask[p] is { } bits) TensorCodec.WriteBits(writer, bits);
            writer.Write((byte)stored);
            if (stored != InitialWeights.FromSeed)
                TensorCodec.WriteValues(writer, Initial, p => stored == InitialWeights.InFull ? null : Mask[p]);
            TensorCodec.WriteValues(writer, Scores?.Final ?? Final, p => Scores is null ? Mask[p] : null);
            TensorCodec.WriteValues(writer, Scores?.Best ?? Best, p => Scores is null ? Mask[p] : null);
        }, LengthOf(stored));
    }

    /// <summary>Reads a file; <paramref name="initial"/> gives the initial weights of a mask from the seed.</summary>
    /// <exception cref="UserException">The file is damaged, or belongs to another network.</exception>
    public static TensorFile Read(string path, Network network, Func<Mask, Weights> initial, bool scores = false) =>
        File.Read(path, reader => Read(reader, network, initial, scores));

    private static TensorFile Read(BinaryReader reader, Network network, Func<Mask, Weights> initial, bool scores)
    {
        bool fits = reader.ReadInt32() == network.Parameters.Length;
        foreach (Parameter parameter in network.Parameters) fits = fits && reader.ReadInt32() == parameter.Count;
        if (!fits) throw new InvalidDataException("its tensors are not those of the run's network");
        var bits = ImmutableArray.CreateBuilder<BitSet?>();
        foreach (Parameter parameter in network.Parameters)
            bits.Add(parameter.Prunable ? TensorCodec.ReadBits(reader, parameter.Count) : null);
        var mask = new Mask(network, bits.ToImmutable());
        Weights start = ReadInitial(reader, mask, initial), final = start.Clone(), best = start.Clone();
        TensorCodec.ReadValues(reader, final, p => scores ? null : mask[p]);
        TensorCodec.ReadValues(reader, best, p => scores ? null : mask[p]);
        return scores ? new(mask, start, start, start, new(best, final)) : new(mask, start, final, best);
    }

    private static Weights ReadInitial(BinaryReader reader, Mask mask, Func<Mask, Weights> initial)
    {
        var stored = (InitialWeights)reader.ReadByte();
        if (stored == InitialWeights.FromSeed) return initial(mask);
        if (!Enum.IsDefined(stored))
            throw new InvalidDataException($"the initial weights are stored in the unknown way {stored}");
        var weights = new Weights(mask.Network);
        TensorCodec.ReadValues(reader, weights, p => stored == InitialWeights.InFull ? null : mask[p]);
        return weights;
    }

    private int LengthOf(InitialWeights stored)
    {
        long all = 0, kept = 0, bits = 0;
        foreach ((int p, Parameter parameter) in Mask.Network.Parameters.Index())
        {
            all += parameter.Count;
            kept += Mask[p]?.Count() ?? parameter.Count;
            bits += sizeof(ulong) * (Mask[p]?.Words.Length ?? 0);
        }
        long initial = stored switch { InitialWeights.FromSeed => 0, InitialWeights.KeptOnly => kept, _ => all };
        return checked((int)(sizeof(int) * (1L + Mask.Network.Parameters.Length) + bits + sizeof(InitialWeights) + sizeof(float) * (initial + 2 * (Scores is null ? kept : all))));
    }

    private bool PrunedIsZero()
    {
        var zero = new Weights(Mask.Network);
        return Mask.IsEqualWherePruned(Initial, zero);
    }

    private void RequireFrozen(Weights weights, string name)
    {
        if (!Mask.IsEqualWherePruned(Initial, weights))
            throw new InvalidOperationException($"A pruned weight moved in the {name.ToLowerInvariant()} weights.");
    }
}
