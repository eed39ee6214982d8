using System.Buffers.Binary;
using System.Text;

namespace Lottery.Fuzz.Targets;

/// <summary>The files of the Python version of CIFAR, of made-up images.</summary>
internal static class CifarPickleSample
{
    private const int Features = 3072;

    /// <summary>
    /// A dictionary with an array of bytes and a list of labels 0, 1, 0, …, as Python 2 (text is bytes) or Python 3 (bytes are bytes)
    /// writes it.
    /// </summary>
    public static byte[] Batch(int count, int seed, string labels, bool python2) => Pickle(
        Text("data", python2), Array(count, Pixels(count, seed), python2), Text(labels, python2),
        [(byte)']', (byte)'(', .. Enumerable.Range(0, count).SelectMany(i => (byte[])[(byte)'K', (byte)(i % 2)]), (byte)'e']);

    /// <summary>The names of the classes.</summary>
    public static byte[] Names(string key, bool python2, params string[] names) =>
        Pickle(Text(key, python2), [(byte)']', (byte)'(', .. names.SelectMany(name => Text(name, python2)), (byte)'e']);

    /// <summary>A dictionary of these keys and values.</summary>
    public static byte[] Pickle(params byte[][] entries) => [0x80, 2, (byte)'}', (byte)'(', .. entries.SelectMany(entry => entry), (byte)'u', (byte)'.'];

    /// <summary>The bytes of images.</summary>
    public static byte[] Pixels(int count, int seed) => [.. Enumerable.Range(0, count * Features).Select(i => (byte)(i * 7 + seed))];

    /// <summary>A text of at most 255 letters.</summary>
    public static byte[] Text(string text, bool python2) => [(byte)(python2 ? 'U' : 'C'), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Array(int count, byte[] content, bool python2)
    {
        byte[] length = new byte[4], columns = new byte[2];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(columns, Features);
        return
        [
            .. "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0"u8, 0x85, .. Text("b", python2), 0x87, (byte)'R',
            (byte)'(', (byte)'K', 1, (byte)'K', (byte)count, (byte)'M', .. columns, 0x86, .. "cnumpy\ndtype\n"u8, .. Text("u1", true), (byte)'K', 0, (byte)'K', 1, 0x87, (byte)'R',
            0x89, (byte)(python2 ? 'T' : 'B'), .. length, .. content, (byte)'t', (byte)'b',
        ];
    }
}
