using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Lottery.Formats.Safetensors;

/// <summary>
/// Writes safetensors: the length of the header (64 bits, little-endian), a JSON header, the tensors end to end.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>The bytes of a file with <paramref name="tensors"/> in the order given.</summary>
    /// <param name="tensors">Tensors with distinct names.</param>
    /// <param name="metadata">Additional text entries of the header.</param>
    public static byte[] Write(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        byte[] header = Header(tensors, metadata);
        using var stream = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (Tensor tensor in tensors) stream.Write(tensor.Bytes.Span);
        return stream.ToArray();
    }

    private static byte[] Header(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new JsonObject();
        if (metadata is not null)
            header["__metadata__"] = new JsonObject(
                metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        long offset = 0;
        foreach (Tensor tensor in tensors)
        {
            header.Add(tensor.Name, new JsonObject
            {
                ["dtype"] = tensor.Type.Name(),
                ["shape"] = new JsonArray([.. tensor.Shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(offset, offset + tensor.Bytes.Length),
            });
            offset += tensor.Bytes.Length;
        }
        byte[] json = Encoding.UTF8.GetBytes(header.ToJsonString());
        // Padded with spaces to a multiple of 8 bytes, so that values are aligned in a memory-mapped file.
        byte[] padded = new byte[(json.Length + 7) & ~7];
        padded.AsSpan().Fill((byte)' ');
        json.CopyTo(padded, 0);
        return padded;
    }
}
