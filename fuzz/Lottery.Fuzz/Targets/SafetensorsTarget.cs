using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Lottery.Formats.Safetensors;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>Tensors; half of the damaged headers have their length made right.</summary>
internal sealed class SafetensorsTarget : Target
{
    private static readonly byte[][] s_whole =
    [
        SafetensorsWriter.Write(
            [Tensor.Of("fc1.weight", [2, 3], [1, -2, 0, 4, 5, 6]), Tensor.Of("fc1.bias", [2], [0.5f, -0.5f])],
            new Dictionary<string, string> { ["format"] = "pt" }),
        SafetensorsWriter.Write([Tensor.Of("mask", [2, 2], [true, false, true, true]), new("bytes", TensorType.U8, [3], new byte[] { 1, 2, 3 })]),
        SafetensorsWriter.Write([]),
    ];

    public override string Name => "safetensors";

    public override Case Draw(Dice dice)
    {
        byte[] file = dice.Of(s_whole), other = dice.Of(s_whole);
        return new("some.safetensors", dice.OneIn(3) ? Bytes.Mutate(file, other, dice) : WithHeader(file, Words.Mutate(
            Header(file), Header(other), dice, "\"F32\"", "\"BOOL\"", "\"shape\"", "[2,2]", "[0]", "[]", "[0,24]", "__metadata__")));
    }

    public override void Read(Case file, string folder)
    {
        ImmutableArray<Tensor> read = SafetensorsReader.Read(Path.Combine(folder, file.File));
        ImmutableArray<Tensor> again = SafetensorsReader.Read((ReadOnlyMemory<byte>)SafetensorsWriter.Write(read));
        Require(read.Select(Line).SequenceEqual(again.Select(Line)), "what was read is written as something else");
        Require(read.Sum(tensor => tensor.Bytes.Length) <= file.Content.Length, "there are more values than bytes");
    }

    // A tensor without values may be said in some forty letters, and is a name, a shape and a place each time it is read.
    public override long MostAllocated(Case file) => (1 << 20) + 256L * file.Content.Length;

    private static string Line(Tensor tensor) =>
        $"{tensor.Name} {tensor.Type} {string.Join('x', tensor.Shape)} {Convert.ToHexString(tensor.Bytes.Span)}";

    private static string Header(byte[] file) => Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadUInt64LittleEndian(file));

    private static byte[] WithHeader(byte[] file, string header)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. file[(8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file))..]];
    }
}
