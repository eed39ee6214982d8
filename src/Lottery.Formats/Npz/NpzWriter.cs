using System.IO.Compression;
using Lottery.Formats.Safetensors;

namespace Lottery.Formats.Npz;

/// <summary>
/// Writes tensors as NumPy's <c>numpy.load</c> takes them: a zip archive with one <c>NAME.npy</c> a tensor, deflated,
/// since a sparse network is mostly zeros.
/// </summary>
public static class NpzWriter
{
    // The earliest that the archive's format can say: one that moved with the clock would give other bytes each time.
    private static readonly DateTimeOffset s_date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The bytes of an archive with <paramref name="tensors"/> in the order given; equal tensors give equal bytes.</summary>
    /// <param name="tensors">Tensors whose names differ: 32-bit floats, bytes or truth values.</param>
    public static byte[] Write(IReadOnlyList<Tensor> tensors)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
            foreach (Tensor tensor in tensors)
            {
                ZipArchiveEntry entry = archive.CreateEntry($"{tensor.Name}.npy", CompressionLevel.Optimal);
                entry.LastWriteTime = s_date;
                using Stream values = entry.Open();
                values.Write(NpyHeader.Of(tensor));
                values.Write(tensor.Bytes.Span);
            }
        return stream.ToArray();
    }
}
