using System.Buffers.Binary;
using Lottery.Files;

namespace Lottery.Data.Formats;

/// <summary>Images and labels from NumPy <c>.npy</c> files. Lengths are checked before memory is allocated.</summary>
internal static class NpyFile
{
    private const int MostChannels = 4;

    private const string Layout = "images of bytes ([count, height, width], or [count, channels, height, width] with 1 to 4 channels)";

    /// <summary>Images: bytes, <c>[count, height, width]</c> or <c>[count, channels, height, width]</c>.</summary>
    /// <exception cref="UserException">It cannot be read, is damaged, or holds something else.</exception>
    public static (byte[] Pixels, ImageShape Shape) Images(string path, string advice) => Open(path, advice, (file, header) =>
    {
        ImageShape shape = header.Shape switch
        {
            _ when header.Type != "u1" => throw new InvalidDataException($"expected {Layout}, found elements of type {header.Type}"),
            [_, var height, var width] => new(1, height, width),
            [_, <= MostChannels and var channels, var height, var width] => new(channels, height, width),
            [_, _, _, <= MostChannels] => throw new InvalidDataException(
                $"expected {Layout}, found {header} (channels last; np.ascontiguousarray(x.transpose(0, 3, 1, 2)) puts them first)"),
            _ => throw new InvalidDataException($"expected {Layout}, found {header}"),
        };
        byte[] pixels = GC.AllocateUninitializedArray<byte>(header.Count);
        file.ReadExactly(pixels);
        return (pixels, shape);
    });

    /// <summary>Labels: integers from 0 to 255 of any integer type, <c>[count]</c>.</summary>
    /// <inheritdoc cref="Images"/>
    public static byte[] Labels(string path, string advice) => Open(path, advice, (file, header) =>
    {
        if (header.Shape.Length != 1)
            throw new InvalidDataException($"expected labels as [count], found {header} (y.reshape(-1) flattens them)");
        var labels = new byte[header.Count];
        Span<byte> element = new byte[sizeof(ulong)];
        for (int i = 0; i < labels.Length; i++)
        {
            // Little-endian, 0 to 255: all bytes but the first must be zero, which they are not for a negative number.
            file.ReadExactly(element[..header.Size]);
            bool negative = header.Type == "i1" && element[0] > sbyte.MaxValue;
            if (negative || BinaryPrimitives.ReadUInt64LittleEndian(element) > byte.MaxValue)
                throw new InvalidDataException($"expected labels from 0 to {byte.MaxValue}, found another at index {i:N0}");
            labels[i] = element[0];
        }
        return labels;
    });

    private static T Open<T>(string path, string advice, Func<Stream, NpyHeader, T> read)
    {
        try
        {
            using FileStream file = InputFile.Open(path);
            var header = NpyHeader.Read(file);
            if (!header.IsInteger)
                throw new InvalidDataException($"expected little-endian integers of 1 to 8 bytes, found '{header.Descriptor}'");
            if (file.Length != header.TotalLength)
                throw new InvalidDataException($"expected {header.TotalLength:N0} bytes for {header}, found {file.Length:N0}");
            file.Position = header.Start;
            return read(file, header);
        }
        catch (InvalidDataException exception)
        {
            throw new UserException($"{path}: {exception.Message}; {advice}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path} cannot be read ({exception.Message.TrimEnd('.')}); {advice}.", exception);
        }
    }
}
