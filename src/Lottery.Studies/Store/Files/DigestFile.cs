using System.Collections.Immutable;

namespace Lottery.Studies.Store.Files;

/// <summary>A run's digest as a file: counts as 32-bit integers, sampled weights as 32-bit floats.</summary>
internal static class DigestFile
{
    /// <summary>Two 32-bit numbers and a Boolean.</summary>
    private const int SampleSize = 2 * sizeof(float) + 1;

    private static readonly ChecksummedFile File = new("LOTDIGST");

    /// <summary>The bytes of the file.</summary>
    public static byte[] Write(WeightDigest digest) => File.Write(writer =>
    {
        writer.Write(digest.Layers.Length);
        foreach (LayerDigest layer in digest.Layers) Write(writer, layer);
    });

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserException">It is damaged, or of another format.</exception>
    public static WeightDigest Read(string path) => File.Read(path, reader =>
        new WeightDigest([.. Enumerable.Range(0, ReadCount(reader, 1)).Select(_ => Possible(ReadLayer(reader)))]));

    /// <summary>Writes a file that was missing, if the store can be written: without it reports are only slower.</summary>
    public static WeightDigest Keep(string path, WeightDigest digest)
    {
        try
        {
            DurableFile.Replace(path, Write(digest));
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // The store cannot be written, or the run was removed meanwhile.
        }
        return digest;
    }

    private static void Write(BinaryWriter writer, LayerDigest layer)
    {
        writer.Write(layer.Name);
        writer.Write(layer.Count);
        writer.Write(layer.Kept);
        writer.Write(layer.Width);
        foreach (ImmutableArray<int> counts in (ImmutableArray<int>[])[layer.Initial, layer.Final, layer.Grid, layer.KeptByInput])
        {
            writer.Write(counts.Length);
            foreach (int count in counts) writer.Write(count);
        }
        writer.Write(layer.Sample.Length);
        foreach (SampledWeight weight in layer.Sample)
        {
            writer.Write(weight.Initial);
            writer.Write(weight.Final);
            writer.Write(weight.Kept);
        }
    }

    private static LayerDigest ReadLayer(BinaryReader reader) => new()
    {
        Name = reader.ReadString(),
        Count = reader.ReadInt32(),
        Kept = reader.ReadInt32(),
        Width = reader.ReadDouble(),
        Initial = ReadCounts(reader),
        Final = ReadCounts(reader),
        Grid = ReadCounts(reader),
        KeptByInput = ReadCounts(reader),
        Sample = [.. Enumerable.Range(0, ReadCount(reader, SampleSize))
            .Select(_ => new SampledWeight(reader.ReadSingle(), reader.ReadSingle(), reader.ReadBoolean()))],
    };

    private static LayerDigest Possible(LayerDigest layer)
    {
        bool fits = double.IsFinite(layer.Width) && layer.Width >= 0 && layer.Kept >= 0 && layer.Kept <= layer.Count
            && layer.Initial.Length == LayerDigest.Bins && layer.Final.Length == LayerDigest.Bins
            && layer.Grid.All(size => size > 0) && layer.Grid.Length is 0 or 3
            && layer.KeptByInput.Length == (layer.Grid.IsEmpty ? 0 : layer.Grid.Aggregate(1L, (product, size) => product * size));
        return fits ? layer : throw new InvalidDataException("it has a layer that is impossible");
    }

    private static ImmutableArray<int> ReadCounts(BinaryReader reader) =>
        [.. Enumerable.Range(0, ReadCount(reader, sizeof(int))).Select(_ => reader.ReadInt32())];

    /// <summary>The number of items that follow, of which the rest of the file has at least as many as it says.</summary>
    private static int ReadCount(BinaryReader reader, int size)
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= (reader.BaseStream.Length - reader.BaseStream.Position) / size ? count
            : throw new InvalidDataException("it has a count that is impossible");
    }
}
