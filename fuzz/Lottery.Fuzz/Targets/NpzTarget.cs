using System.IO.Compression;
using System.Text;
using Lottery.Formats.Npz;
using Lottery.Formats.Safetensors;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>What <c>numpy.savez</c> writes: archives with a damaged array, or damaged as a whole; some of sparse tensors.</summary>
internal sealed class NpzTarget : WeightsTarget
{
    private static readonly byte[][] s_whole = [NpzWriter.Write(Plain), NpzWriter.Write(Sparse(SparseLayout.Csr)), NpzWriter.Write(Sparse(SparseLayout.Coo))];

    public override string Name => "npz";

    public override Case Draw(Dice dice)
    {
        byte[] whole = dice.Of(s_whole);
        if (dice.OneIn(3)) return new("some.npz", Bytes.Mutate(whole, dice.Of(s_whole), dice));
        using var archive = new ZipArchive(new MemoryStream(whole), ZipArchiveMode.Read);
        int damaged = dice.Below(archive.Entries.Count);
        return new("some.npz", Zip(archive.Entries.Select((entry, i) =>
        {
            byte[] content = new byte[entry.Length];
            using (Stream member = entry.Open()) member.ReadExactly(content);
            if (i != damaged) return (entry.FullName, content);
            return (entry.FullName, dice.OneIn(2) ? Bytes.Mutate(content, content, dice) : WithHeader(content, dice));
        }), dice));
    }

    /// <summary>A header of the same length that says something else.</summary>
    private static byte[] WithHeader(byte[] file, Dice dice)
    {
        const int Start = 10;
        int length = BitConverter.ToUInt16(file, 8);
        string header = Words.Mutate(Encoding.Latin1.GetString(file, Start, length), Encoding.Latin1.GetString(file, Start, length), dice,
            "(2, 2)", "'<f8'", "'<f2'", "'|b1'", "True", "(0,)", "(4294967297, 4294967297)", "()");
        byte[] text = Encoding.Latin1.GetBytes(header.PadRight(length)[..length]);
        return [.. file[..Start], .. text, .. file[(Start + length)..]];
    }
}
