using System.Buffers.Binary;

namespace Lottery.Data.Formats;

/// <summary>
/// Examples and labels from NumPy arrays, as people save them: channels first or last, bytes or floats of bytes divided by 255,
/// tables of features; labels as <c>[count]</c>, <c>[count, 1]</c> or one-hot.
/// </summary>
/// <remarks>Errors are thrown as <see cref="InvalidDataException"/>; the message says what was expected and what was found.</remarks>
internal static class NpyArrays
{
    private delegate void NumberReceiver(int at, ReadOnlySpan<double> numbers);

    private const int MostChannels = 4, Chunk = 1 << 14;

    private const string Layout = "images ([count, height, width], or [count, channels, height, width] with 1 to 4 channels, first or last) "
        + "or features ([count, features])";

    /// <summary>Images of bytes, or numeric features: an array of two dimensions that are not bytes.</summary>
    public static ExampleValues Examples(Stream file, NpyHeader header)
    {
        (ImageShape shape, bool channelsLast) = header.Shape switch
        {
            [_, var features] => (new ImageShape(1, 1, features), false),
            [_, var height, var width] => (new(1, height, width), false),
            [_, <= MostChannels and var channels, var height, var width] => (new(channels, height, width), false),
            [_, var height, var width, <= MostChannels and var channels] => (new(channels, height, width), true),
            _ => throw new InvalidDataException($"expected {Layout}, found {header}"),
        };
        if (header.Shape.Length == 2 && header.Type is not ("u1" or "b1")) return Features(file, header, shape);
        (byte[] pixels, string? note) = Pixels(file, header);
        if (channelsLast) ChannelsFirst(pixels, shape);
        return new(pixels, default, shape) { Note = note };
    }

    /// <summary>Labels: integers from 0 to 255 of any type, <c>[count]</c> or <c>[count, 1]</c>, or one-hot rows.</summary>
    public static LabelValues Labels(Stream file, NpyHeader header)
    {
        int columns = header.Shape switch
        {
            [_] => 1,
            [_, <= 256 and var many] => many,
            _ => throw new InvalidDataException($"expected labels as [count], [count, 1] or one-hot rows, found {header}"),
        };
        var values = new byte[header.Count];
        Read(file, header, (at, numbers) =>
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                if (numbers[i] is not (>= 0 and <= byte.MaxValue) || numbers[i] != Math.Floor(numbers[i]))
                    throw new InvalidDataException($"expected labels from 0 to {byte.MaxValue}, found another at index {at + i:N0}");
                values[at + i] = (byte)numbers[i];
            }
        });
        return columns == 1 ? new(values) : OneHot(values, columns, header);
    }

    private static LabelValues OneHot(byte[] values, int columns, NpyHeader header)
    {
        var labels = new byte[values.Length / columns];
        int others = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<byte> row = values.AsSpan(i * columns, columns);
            if (row.ContainsAnyExceptInRange((byte)0, (byte)1))
                throw new InvalidDataException($"expected labels as [count], [count, 1] or one-hot rows of 0 and 1, found {header} with other numbers");
            if (row.Count((byte)1) != 1) others++;
            labels[i] = (byte)Math.Max(0, row.IndexOf((byte)1));
        }
        return others == 0 ? new(labels, $"labels are one-hot in {columns} columns; the column of the 1 is the class")
            : throw new InvalidDataException($"expected one class an example, found {others:N0} of {labels.Length:N0} rows with none or several of {columns} labels: "
                + "a multi-label set, which is not supported; keep one column as the labels (y[:, k])");
    }

    private static ExampleValues Features(Stream file, NpyHeader header, ImageShape shape)
    {
        var values = new float[header.Count];
        Read(file, header, (at, numbers) =>
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                values[at + i] = (float)numbers[i];
                if (!float.IsFinite(values[at + i]))
                    throw new InvalidDataException($"expected finite numbers, found {numbers[i]} as feature {(at + i) % shape.Width} of example {(at + i) / shape.Width:N0}");
            }
        });
        return new(default, values, shape);
    }

    private static (byte[] Pixels, string? Note) Pixels(Stream file, NpyHeader header)
    {
        if (header.Type == "u1")
        {
            byte[] bytes = GC.AllocateUninitializedArray<byte>(header.Count);
            file.ReadExactly(bytes);
            return (bytes, null);
        }
        var pixels = new byte[header.Count];
        double factor = header.IsFloat ? 255 : 1;
        Read(file, header, (at, numbers) =>
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                double value = numbers[i] * factor, nearest = Math.Round(value);
                if (nearest is not (>= 0 and <= byte.MaxValue) || Math.Abs(value - nearest) > (header.Type == "f2" ? 0.1 : 0.001))
                    throw new InvalidDataException(header.IsFloat
                        ? $"expected bytes, or floats that are bytes divided by 255, found {numbers[i]} at index {at + i:N0}; "
                            + "np.uint8 keeps images, and x.reshape(len(x), -1) makes features of any numbers"
                        : $"expected numbers from 0 to 255, found {numbers[i]} at index {at + i:N0}");
                pixels[at + i] = (byte)nearest;
            }
        });
        return (pixels, header.IsFloat ? "the images are floats from 0 to 1; they are read as the bytes that were divided by 255" : null);
    }

    /// <summary>Reads all values in chunks and gives them as doubles, with the index of the first.</summary>
    private static void Read(Stream file, NpyHeader header, NumberReceiver receive)
    {
        int count = header.Count;
        var bytes = new byte[Chunk * header.Size];
        var numbers = new double[Chunk];
        for (int at = 0; at < count; at += Chunk)
        {
            int length = Math.Min(Chunk, count - at);
            ReadOnlySpan<byte> part = bytes.AsSpan(0, length * header.Size);
            file.ReadExactly(bytes, 0, part.Length);
            for (int i = 0; i < length; i++) numbers[i] = Number(header.Type, part[(i * header.Size)..]);
            receive(at, numbers.AsSpan(0, length));
        }
    }

    private static double Number(string type, ReadOnlySpan<byte> bytes) => type switch
    {
        "b1" or "u1" => bytes[0],
        "i1" => (sbyte)bytes[0],
        "u2" => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        "i2" => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        "u4" => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        "i4" => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        "u8" => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        "i8" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        "f2" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        "f4" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };

    /// <summary>From rows, columns and channels to channels, rows and columns.</summary>
    private static void ChannelsFirst(Span<byte> pixels, ImageShape shape)
    {
        int channels = shape.Channels, area = shape.Height * shape.Width;
        if (channels == 1) return;
        var image = new byte[shape.Features];
        for (int start = 0; start < pixels.Length; start += image.Length)
        {
            Span<byte> target = pixels.Slice(start, image.Length);
            target.CopyTo(image);
            for (int pixel = 0; pixel < area; pixel++)
                for (int channel = 0; channel < channels; channel++) target[channel * area + pixel] = image[pixel * channels + channel];
        }
    }
}
