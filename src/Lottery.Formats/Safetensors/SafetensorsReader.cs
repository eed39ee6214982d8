using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using Lottery.Files;

namespace Lottery.Formats.Safetensors;

/// <summary>Reads safetensors. The input is untrusted: every length is checked before it is used.</summary>
public static class SafetensorsReader
{
    private const int MaxHeaderLength = 100_000_000;

    /// <summary>Reads the tensors of a file, in order of offset.</summary>
    /// <exception cref="UserException">The file is missing or damaged.</exception>
    public static ImmutableArray<Tensor> Read(string path)
    {
        try
        {
            return Read(InputFile.ReadAll(path, Array.MaxLength));
        }
        catch (Exception wrong) when (wrong is InvalidDataException or JsonException or IOException
            or UnauthorizedAccessException)
        {
            string why = wrong is JsonException ? "its header is not JSON" : wrong.Message.TrimEnd('.');
            throw new UserException(
                $"{path} cannot be read as safetensors: {why}; give a complete file.", wrong);
        }
    }

    /// <summary>Reads the tensors from the bytes of a file, in order of offset.</summary>
    /// <exception cref="InvalidDataException">A length, type or offset is wrong; the message says which.</exception>
    /// <exception cref="JsonException">The header is not JSON.</exception>
    public static ImmutableArray<Tensor> Read(ReadOnlyMemory<byte> file) => [.. Index(file).Select(tensor => tensor.Load())];

    /// <summary>The tensors in the bytes of a file, in order of offset; types are checked where values are read.</summary>
    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})" path="/exception"/>
    internal static ImmutableArray<StoredTensor> Index(ReadOnlyMemory<byte> file)
    {
        if (file.Length < sizeof(ulong)) throw new InvalidDataException("it is shorter than 8 bytes");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (length > MaxHeaderLength || length > (ulong)(file.Length - sizeof(ulong)))
            throw new InvalidDataException($"its header of {length} bytes does not fit into the file");
        using JsonDocument header = JsonDocument.Parse(file.Slice(sizeof(ulong), (int)length));
        ReadOnlyMemory<byte> values = file[(sizeof(ulong) + (int)length)..];
        if (header.RootElement.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("its header is not an object");
        return ReadAll(Locate(header.RootElement), values);
    }

    private static Entry[] Locate(JsonElement header)
    {
        try
        {
            return
            [
                .. header.EnumerateObject().Where(member => member.Name != "__metadata__")
                    .Select(Locate).OrderBy(entry => entry.Begin).ThenBy(entry => entry.End),
            ];
        }
        catch (InvalidOperationException wrong)
        {
            // Invalid UTF-8 and half surrogate pairs are detected when a name is read.
            throw new InvalidDataException("a name in its header is not text", wrong);
        }
    }

    private static ImmutableArray<StoredTensor> ReadAll(Entry[] entries, ReadOnlyMemory<byte> values)
    {
        long end = 0;
        var names = new HashSet<string>();
        foreach (Entry entry in entries)
        {
            if (!names.Add(entry.Name)) throw new InvalidDataException($"two tensors have the name {entry.Name}");
            if (entry.Begin != end)
                throw new InvalidDataException($"{entry.Name} begins at byte {entry.Begin}, not at {end}");
            end = entry.End;
        }
        if (end != values.Length) throw new InvalidDataException($"its tensors end at byte {end} of {values.Length}");
        return
        [
            .. entries.Select(entry =>
                new StoredTensor(entry.Name, entry.TypeName, entry.Type, entry.Shape, () => values[(int)entry.Begin..(int)entry.End])),
        ];
    }

    private static Entry Locate(JsonProperty member)
    {
        string name = member.Name;
        try
        {
            string typeName = member.Value.GetProperty("dtype").GetString() ?? throw new FormatException("no type");
            TensorType? type = TensorTypes.Find(typeName);
            ImmutableArray<int> shape =
                [.. member.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            long[] offsets =
                [.. member.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            long size = shape.Aggregate((long)(type?.Size() ?? 1), (product, count) => checked(product * count));
            bool fits = offsets.Length == 2 && offsets[0] >= 0 && (type is null ? offsets[1] >= offsets[0] : offsets[1] - offsets[0] == size);
            if (!fits || shape.Any(count => count < 0))
                throw new InvalidDataException($"the shape and the offsets of {member.Name} do not match");
            return new(member.Name, typeName, type, shape, offsets[0], offsets[1]);
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or InvalidOperationException or FormatException
            or OverflowException)
        {
            throw new InvalidDataException($"the entry of {name} in its header is incomplete", wrong);
        }
    }

    private sealed record Entry(string Name, string TypeName, TensorType? Type, ImmutableArray<int> Shape, long Begin, long End);
}
