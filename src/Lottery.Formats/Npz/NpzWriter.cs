using System.IO.Compression;
using Lottery.Data.Formats;
using Lottery.Formats.Safetensors;

namespace Lottery.Formats.Npz;

/// <summary>
/// Writes tensors for <c>numpy.load</c>: a zip archive with one <c>NAME.npy</c> for each tensor, deflated, since a sparse
/// network is mostly zeros.
/// </summary>
public static class NpzWriter
{
    // The earliest date that a zip archive can hold: with the current time, equal tensors would give different bytes.
    private static readonly DateTimeOffset s_date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The bytes of an archive with <paramref name="tensors"/> in the order given; equal tensors give equal bytes.</summary>
    /// <param name="tensors">Tensors whose names differ: 32-bit floats, 64-bit integers, bytes or Booleans.</param>
    public static byte[] Write(IReadOnlyList<Tensor> tensors)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
            foreach (Tensor tensor in tensors)
            {
                ZipArchiveEntry entry = archive.CreateEntry($"{tensor.Name}.npy", CompressionLevel.Optimal);
                entry.LastWriteTime = s_date;
                using Stream values = entry.Open();
                values.Write(new NpyHeader(TypeOf(tensor.Type), tensor.Shape).ToBytes());
                values.Write(tensor.Bytes.Span);
            }
        return stream.ToArray();
    }

    private static string TypeOf(TensorType type) => type switch
    {
        TensorType.F32 => "f4",
        TensorType.U8 => "u1",
        TensorType.I64 => "i8",
        TensorType.Bool => "b1",
        _ => throw new ArgumentException($"NumPy has no {type}.", nameof(type)),
    };
}
