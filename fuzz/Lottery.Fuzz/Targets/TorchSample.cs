using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Lottery.Formats.Safetensors;

namespace Lottery.Fuzz.Targets;

/// <summary>Files as <c>torch.save</c> writes them, in both forms, of made-up tensors.</summary>
internal static class TorchSample
{
    private static readonly byte[] s_magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>A zip archive.</summary>
    /// <param name="tensors">The state dictionary.</param>
    /// <param name="under">The key of a checkpoint that holds it; null if it is the whole file.</param>
    public static byte[] Zip(IReadOnlyList<Tensor> tensors, string? under = null) => Zip(Pickle(tensors, under), tensors);

    /// <summary>A zip archive with any pickle.</summary>
    public static byte[] Zip(byte[] pickle, IReadOnlyList<Tensor> tensors)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            Add(archive, "some/data.pkl", pickle);
            foreach ((int i, Tensor tensor) in tensors.Index()) Add(archive, $"some/data/{i}", tensor.Bytes.ToArray());
            Add(archive, "some/version", "3\n"u8.ToArray());
        }
        return stream.ToArray();
    }

    /// <summary>The older form.</summary>
    public static byte[] Legacy(IReadOnlyList<Tensor> tensors, string? under = null)
    {
        using var stream = new MemoryStream();
        stream.Write(s_magic);
        stream.Write([0x80, 2, (byte)'M', 0xe9, 3, (byte)'.']);
        stream.Write([0x80, 2, (byte)'}', .. Text("little_endian"), 0x88, (byte)'s', (byte)'.']);
        stream.Write(Pickle(tensors, under));
        stream.Write([0x80, 2, (byte)']', (byte)'(', .. tensors.Index().SelectMany(one => Text($"{one.Index}")), (byte)'e', (byte)'.']);
        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (Tensor tensor in tensors)
        {
            BinaryPrimitives.WriteInt64LittleEndian(count, Count(tensor));
            stream.Write(count);
            stream.Write(tensor.Bytes.Span);
        }
        return stream.ToArray();
    }

    /// <summary>The pickle of a state dictionary.</summary>
    /// <param name="tensors">Its tensors, row-major.</param>
    /// <param name="under">The key of a checkpoint that holds it; null if it is the whole file.</param>
    public static byte[] Pickle(IReadOnlyList<Tensor> tensors, string? under = null)
    {
        byte[] dictionary = [.. Global("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'(', .. tensors.Index().SelectMany(one => (byte[])[.. Text(one.Item.Name), .. TensorOf(one.Item, one.Index)]), (byte)'u'];
        return under is null
            ? [0x80, 2, .. dictionary, (byte)'.']
            : [0x80, 2, (byte)'}', (byte)'(', .. Text("epoch"), (byte)'K', 3, .. Text(under), .. dictionary, (byte)'u', (byte)'.'];
    }

    /// <summary>A pickle that asks for a function and calls it with a text.</summary>
    public static byte[] Calling(string module, string function, string argument) =>
        [0x80, 2, .. Global(module, function), .. Text(argument), 0x85, (byte)'R', (byte)'.'];

    private static byte[] TensorOf(Tensor tensor, int key) =>
    [
        .. Global("torch._utils", "_rebuild_tensor_v2"), (byte)'(',
        (byte)'(', .. Text("storage"), .. Global("torch", StorageOf(tensor.Type)), .. Text($"{key}"), .. Text("cpu"), .. Integer(Count(tensor)), (byte)'t', (byte)'Q',
        .. Integer(0), .. Tuple(tensor.Shape), .. Tuple(Steps(tensor)), 0x89, .. Global("collections", "OrderedDict"), (byte)')', (byte)'R', (byte)'t', (byte)'R',
    ];

    private static IEnumerable<int> Steps(Tensor tensor) =>
        Enumerable.Range(1, tensor.Shape.Length).Select(d => tensor.Shape.Skip(d).Aggregate(1, (product, size) => product * size));

    private static int Count(Tensor tensor) => tensor.Shape.Aggregate(1, (product, size) => product * size);

    private static byte[] Tuple(IEnumerable<int> values) => [(byte)'(', .. values.SelectMany(Integer), (byte)'t'];

    private static byte[] Integer(int value)
    {
        byte[] bytes = [(byte)'J', 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), value);
        return bytes;
    }

    private static byte[] Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text), bytes = [(byte)'X', 0, 0, 0, 0, .. utf8];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), utf8.Length);
        return bytes;
    }

    private static byte[] Global(string module, string name) => [(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")];

    private static string StorageOf(TensorType type) => type switch
    {
        TensorType.F64 => "DoubleStorage",
        TensorType.F16 => "HalfStorage",
        TensorType.BF16 => "BFloat16Storage",
        TensorType.I64 => "LongStorage",
        TensorType.I32 => "IntStorage",
        TensorType.U8 => "ByteStorage",
        TensorType.Bool => "BoolStorage",
        _ => "FloatStorage",
    };

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using Stream member = entry.Open();
        member.Write(content);
    }
}
