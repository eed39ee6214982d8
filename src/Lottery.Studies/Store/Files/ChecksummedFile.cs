using System.Security.Cryptography;
using System.Text;

namespace Lottery.Studies.Store.Files;

/// <summary>
/// A binary file that detects damage: eight letters that name its kind, the format of the store (32 bits), the content, and the
/// SHA-256 of all before it. Little-endian.
/// </summary>
/// <param name="Magic">The eight letters.</param>
internal sealed record ChecksummedFile(string Magic)
{
    private const int HeaderLength = 8 + sizeof(int);

    /// <summary>The bytes of the file around what <paramref name="write"/> writes.</summary>
    /// <param name="write">Writes the content.</param>
    /// <param name="length">The length of the content where it is known: then no more memory than that is taken.</param>
    public byte[] Write(Action<BinaryWriter> write, int length = 0)
    {
        using var stream = new MemoryStream(HeaderLength + length + SHA256.HashSizeInBytes);
        using var writer = new BinaryWriter(stream);
        Write(writer, write);
        stream.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.Length == stream.Capacity ? stream.GetBuffer() : stream.ToArray();
    }

    /// <summary>Writes the same bytes to a file of <see cref="StoreDisk"/> without having all of them in memory.</summary>
    public void Write(FileStream file, Action<BinaryWriter> write)
    {
        using var stream = new ChecksummedStream(file);
        using var writer = new BinaryWriter(stream);
        Write(writer, write);
        stream.End();
    }

    private void Write(BinaryWriter writer, Action<BinaryWriter> write)
    {
        writer.Write(Encoding.ASCII.GetBytes(Magic));
        writer.Write(RunStore.Format);
        write(writer);
        writer.Flush();
    }

    /// <summary>Reads the letters and the format without checking the rest, so that the beginning of the content can be read alone.</summary>
    /// <exception cref="InvalidDataException">It is another file, or of another format.</exception>
    public void ReadHead(BinaryReader reader)
    {
        if (Encoding.ASCII.GetString(reader.ReadBytes(8)) != Magic || reader.ReadInt32() != RunStore.Format)
            throw new InvalidDataException($"it is not {Magic} of format {RunStore.Format}");
    }

    /// <summary>Compares a file with its checksum.</summary>
    /// <returns>What is wrong, as a clause; null where nothing is.</returns>
    public string? Check(string path)
    {
        try
        {
            byte[] bytes = RegularFile.Read(path, int.MaxValue);
            int end = bytes.Length - SHA256.HashSizeInBytes;
            return end >= HeaderLength && Encoding.ASCII.GetString(bytes, 0, 8) == Magic && SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end))
                ? null : "its checksum does not agree with its content";
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return refusal.Message.TrimEnd('.');
        }
    }

    /// <summary>What <paramref name="read"/> reads from the file; it must read to the end.</summary>
    /// <exception cref="UserException">The file is damaged, or of another format.</exception>
    public T Read<T>(string path, Func<BinaryReader, T> read)
    {
        byte[] bytes = RegularFile.ReadOfRun(path);
        int end = bytes.Length - SHA256.HashSizeInBytes;
        if (end < HeaderLength || Encoding.ASCII.GetString(bytes, 0, 8) != Magic)
            throw StoreErrors.Damaged(path, $"it does not begin with {Magic}");
        if (!SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
            throw StoreErrors.Damaged(path, "its checksum does not agree with its content");
        using var reader = new BinaryReader(new MemoryStream(bytes, 8, end - 8));
        int format = reader.ReadInt32();
        if (format != RunStore.Format) throw StoreErrors.OtherFormat(path, format, RunStore.Format);
        try
        {
            T content = read(reader);
            if (reader.BaseStream.Position != reader.BaseStream.Length)
                throw StoreErrors.Damaged(path, "it is longer than its content");
            return content;
        }
        catch (EndOfStreamException cut)
        {
            throw StoreErrors.Damaged(path, "it is shorter than its content", cut);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException or IOException or InvalidDataException)
        {
            throw StoreErrors.Damaged(path, wrong is InvalidDataException ? wrong.Message : "it has a value that is impossible", wrong);
        }
    }
}
