using System.Buffers.Binary;
using Lottery.Kernels.Optimizers;
using Lottery.Training;

namespace Lottery.Cuda.Training;

/// <summary>What changes from step to step, as kernels read it: the struct of the same name in Kernels/port.h.</summary>
internal readonly record struct StepRow
{
    /// <summary>Bytes before the keys.</summary>
    public const int HeaderBytes = 72;

    /// <summary>Where in the orders on the device the batch begins.</summary>
    public long First { get; init; }

    /// <summary>Where in the array of losses the step's goes.</summary>
    public int Slot { get; init; }

    /// <summary>The batch's examples.</summary>
    public int Count { get; init; }

    /// <summary>The keys of the epoch's streams that move and flip images.</summary>
    public (uint Key0, uint Key1) Crop { get; init; }

    /// <inheritdoc cref="Crop"/>
    public (uint Key0, uint Key1) Flip { get; init; }

    /// <summary>The constants of the update.</summary>
    public OptimizerConstants Update { get; init; }

    /// <summary>Bytes of a row.</summary>
    /// <param name="keys">Dropout layers and sampled masks.</param>
    public static int Bytes(int keys) => HeaderBytes + 8 * keys;

    /// <summary>Writes the row.</summary>
    /// <param name="row"><see cref="Bytes"/> bytes.</param>
    /// <param name="keys">The key of each dropout layer's stream, then of each sampled mask's.</param>
    public void Write(Span<byte> row, ReadOnlySpan<(uint Key0, uint Key1)> keys)
    {
        (AdamUpdate.Constants adam, SgdUpdate.Constants sgd) = Update;
        int at = 0;
        Put64(row, ref at, (ulong)First);
        Put(row, ref at, (uint)Slot);
        Put(row, ref at, sgd.Nesterov ? 1u : 0);
        PutKey(row, ref at, Crop);
        PutKey(row, ref at, Flip);
        // Those of one optimizer are zero.
        foreach (float constant in (ReadOnlySpan<float>)
            [adam.Beta1, adam.OneMinusBeta1, adam.Beta2, adam.OneMinusBeta2, adam.Rate + sgd.Rate, adam.Epsilon, adam.Shrink, sgd.Momentum, sgd.Decay])
            Put(row, ref at, constant);
        Put(row, ref at, (uint)Count);
        at = HeaderBytes;
        foreach ((uint, uint) key in keys) PutKey(row, ref at, key);
    }

    private static void PutKey(Span<byte> row, ref int at, (uint Key0, uint Key1) key)
    {
        Put(row, ref at, key.Key0);
        Put(row, ref at, key.Key1);
    }

    private static void Put(Span<byte> row, ref int at, float value) => Put(row, ref at, BitConverter.SingleToUInt32Bits(value));

    private static void Put(Span<byte> row, ref int at, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(row[at..], value);
        at += 4;
    }

    private static void Put64(Span<byte> row, ref int at, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(row[at..], value);
        at += 8;
    }
}
