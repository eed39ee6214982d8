using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;

namespace Lottery.Formats.Safetensors;

/// <summary>Reads safetensors, checking every length before it is believed.</summary>
public static class SafetensorsReader
{
    private const int LargestHeader = 100_000_000;

    /// <summary>The tensors of a file, in the order of their bytes.</summary>
    /// <exception cref="UserException">The file is missing, or not what it says it is.</exception>
    public static ImmutableArray<Tensor> Read(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path));
        }
        catch (Exception wrong) when (wrong is InvalidDataException or JsonException or IOException
            or UnauthorizedAccessException)
        {
            string why = wrong is JsonException ? "its header is not JSON" : wrong.Message.TrimEnd('.');
            throw new UserException(
                $"{path} cannot be read as safetensors: {why}; give a file that was written whole.", 2, wrong);
        }
    }

    /// <summary>The tensors in the bytes of a file, in their order.</summary>
    /// <exception cref="InvalidDataException">A length, type or place is wrong; the message says which.</exception>
    /// <exception cref="JsonException">The header is not JSON.</exception>
    public static ImmutableArray<Tensor> Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < sizeof(ulong)) throw new InvalidDataException("it is shorter than 8 bytes");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (length > LargestHeader || length > (ulong)(file.Length - sizeof(ulong)))
            throw new InvalidDataException($"its header of {length} bytes does not fit into the file");
        using JsonDocument header = JsonDocument.Parse(file.Slice(sizeof(ulong), (int)length));
        ReadOnlyMemory<byte> values = file[(sizeof(ulong) + (int)length)..];
        if (header.RootElement.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("its header is not an object");
        return ReadAll(Locate(header.RootElement), values);
    }

    private static Place[] Locate(JsonElement header)
    {
        try
        {
            return
            [
                .. header.EnumerateObject().Where(member => member.Name != "__metadata__")
                    .Select(Locate).OrderBy(place => place.Begin).ThenBy(place => place.End),
            ];
        }
        catch (InvalidOperationException wrong)
        {
            // Bytes that are not UTF-8, or half of a surrogate pair, are noticed when a name is read.
            throw new InvalidDataException("a name in its header is not text", wrong);
        }
    }

    private static ImmutableArray<Tensor> ReadAll(Place[] places, ReadOnlyMemory<byte> values)
    {
        long end = 0;
        var names = new HashSet<string>();
        foreach (Place place in places)
        {
            if (!names.Add(place.Name)) throw new InvalidDataException($"two tensors are called {place.Name}");
            if (place.Begin != end)
                throw new InvalidDataException($"{place.Name} begins at byte {place.Begin}, not at {end}");
            end = place.End;
        }
        if (end != values.Length) throw new InvalidDataException($"its tensors end at byte {end} of {values.Length}");
        return
        [
            .. places.Select(place =>
                new Tensor(place.Name, place.Type, place.Shape, values[(int)place.Begin..(int)place.End])),
        ];
    }

    private static Place Locate(JsonProperty member)
    {
        string name = member.Name;
        try
        {
            TensorType type = member.Value.GetProperty("dtype").GetString() switch
            {
                "F32" => TensorType.F32,
                "BOOL" => TensorType.Bool,
                "U8" => TensorType.U8,
                "F16" => TensorType.F16,
                "BF16" => TensorType.BF16,
                "I64" => TensorType.I64,
                var other => throw new InvalidDataException(
                    $"{member.Name} is of type {other}, and F32, F16, BF16, I64, BOOL and U8 are read here"),
            };
            ImmutableArray<int> shape =
                [.. member.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            long[] offsets =
                [.. member.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            long size = shape.Aggregate((long)type.Size(), (product, count) => checked(product * count));
            bool placed = offsets.Length == 2 && offsets[0] >= 0 && offsets[1] - offsets[0] == size;
            if (!placed || shape.Any(count => count < 0))
                throw new InvalidDataException($"the shape and the place of {member.Name} do not agree");
            return new(member.Name, type, shape, offsets[0], offsets[1]);
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or InvalidOperationException or FormatException
            or OverflowException)
        {
            throw new InvalidDataException($"its header does not say what {name} is", wrong);
        }
    }

    private sealed record Place(string Name, TensorType Type, ImmutableArray<int> Shape, long Begin, long End);
}
