using System.Buffers.Binary;
using System.Text;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>Pairs of NumPy files.</summary>
internal sealed class NpyTarget : DataTarget
{
    private const int Start = 10;

    public override string Name => "npy";

    protected override Dictionary<string, byte[]> Whole => new()
    {
        ["x_train.npy"] = Npy("'|u1'", "(9, 2, 3, 2)", Pixels(108)),
        ["y_train.npy"] = Npy("'<i8'", "(9,)", [.. Labels(9).SelectMany(label => (byte[])[label, 0, 0, 0, 0, 0, 0, 0])]),
        ["x_test.npy"] = Npy("'|u1'", "(6, 2, 3, 2)", Pixels(72), order: "True"),
        ["y_test.npy"] = Npy("'|i1'", "(6,)", Labels(6)),
    };

    /// <summary>Half of the files get a header that says something else, with its length right.</summary>
    protected override byte[] Damaged(string name, byte[] file, byte[] other, Dice dice)
    {
        if (dice.OneIn(2)) return Bytes.Mutate(file, other, dice);
        string header = Words.Mutate(Header(file), Header(other), dice, "(2, 2)", "'<u8'", "'>u2'", "True", "(0,)", "(4294967297, 4294967297)");
        return File(header, file[(Start + Length(file))..]);
    }

    private static byte[] Npy(string type, string shape, byte[] values, string order = "False") =>
        File($"{{'descr': {type}, 'fortran_order': {order}, 'shape': {shape}, }}\n", values);

    private static byte[] File(string header, byte[] values)
    {
        byte[] text = Encoding.Latin1.GetBytes(header), file = [0x93, .. "NUMPY"u8, 1, 0, 0, 0, .. text, .. values];
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)Math.Min(text.Length, ushort.MaxValue));
        return file;
    }

    private static string Header(byte[] file) => Encoding.Latin1.GetString(file, Start, Length(file));

    private static int Length(byte[] file) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
}
