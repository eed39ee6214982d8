using System.Buffers.Binary;
using System.Collections.Immutable;
using Lottery.Data.Formats;
using Lottery.Formats.Safetensors;
using Lottery.Formats.Zip;

namespace Lottery.Formats.Npz;

/// <summary>Reads the arrays of a file that <c>numpy.savez</c> wrote. The headers are read at once, values only where they are used.</summary>
internal static class NpzReader
{
    private const string Extension = ".npy";
    private const int LongestHeader = 1 << 16, Before = 12;

    /// <summary>True for an archive of arrays.</summary>
    public static bool IsNpz(ZipMembers members) => members.Names.Any(name => name.EndsWith(Extension, StringComparison.Ordinal));

    /// <summary>The arrays in the order of the archive.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged; the message is a clause.</exception>
    public static ImmutableArray<StoredTensor> Index(ZipMembers members) =>
        [.. members.Names.Where(name => name.EndsWith(Extension, StringComparison.Ordinal)).Select(member => Index(members, member))];

    private static StoredTensor Index(ZipMembers members, string member)
    {
        string name = member[..^Extension.Length];
        try
        {
            NpyHeader header = HeaderOf(members, member);
            if (members.LengthOf(member) != header.TotalLength)
                throw new InvalidDataException($"{member} has {members.LengthOf(member):N0} bytes, and {header} of type {header.Type} need {header.TotalLength:N0}");
            return new(name, header.Type, TypeOf(header.Type), header.Shape, () => members.Read(member, header.TotalLength).AsMemory(header.Start));
        }
        catch (InvalidDataException wrong)
        {
            // An array that is not used may be anything: text, an object, a single number.
            return new(name, wrong.Message, null, [], () => throw wrong);
        }
    }

    private static NpyHeader HeaderOf(ZipMembers members, string member)
    {
        byte[] start = members.Start(member, Before);
        int length = start.Length < Before ? Before
            : start[6] == 1 ? 10 + BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8))
            : Before + (int)Math.Min(LongestHeader, BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8)));
        return NpyHeader.Read(new MemoryStream(members.Start(member, Math.Max(length, Before)), writable: false));
    }

    private static TensorType? TypeOf(string type) => type switch
    {
        "b1" => TensorType.Bool,
        "u1" => TensorType.U8,
        "f2" => TensorType.F16,
        "f4" => TensorType.F32,
        "f8" => TensorType.F64,
        _ => TensorTypes.Find($"{char.ToUpperInvariant(type[0])}{8 * (type[1] - '0')}"),
    };
}
