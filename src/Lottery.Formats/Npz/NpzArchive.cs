using System.Collections.Immutable;
using Lottery.Data.Formats;
using Lottery.Formats.Safetensors;
using Lottery.Formats.Zip;

namespace Lottery.Formats.Npz;

/// <summary>
/// The arrays of a NumPy <c>.npz</c> file: a zip archive with one <c>NAME.npy</c> for each array. Headers are compared with the
/// members' lengths, and values read only where they are used.
/// </summary>
/// <remarks>Errors are <see cref="InvalidDataException"/>; the message is a clause.</remarks>
internal sealed class NpzArchive(ZipMembers members)
{
    private const string Extension = ".npy";

    /// <summary>The names of the arrays, in the order of the archive.</summary>
    public ImmutableArray<string> Names { get; } = [.. members.Names.Where(IsArray).Select(name => name[..^Extension.Length])];

    /// <summary>True for an archive of arrays.</summary>
    public static bool IsNpz(ZipMembers members) => members.Names.Any(IsArray);

    /// <summary>Reads an array.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="read">Receives the values, at the first, and their header, and reads exactly as many.</param>
    public T Read<T>(string name, Func<Stream, NpyHeader, T> read) =>
        members.Unpack(name + Extension, (member, length) => NpyHeader.Read(member, length, read));

    /// <summary>The arrays as tensors. One that is not used may be anything: text, an object, a single number.</summary>
    public ImmutableArray<StoredTensor> Tensors() => [.. Names.Select(Tensor)];

    private StoredTensor Tensor(string name)
    {
        try
        {
            NpyHeader header = members.Unpack(name + Extension, NpyHeader.Read);
            return new(name, header.Type, TypeOf(header.Type), header.Shape, () => Read(name, Bytes));
        }
        catch (InvalidDataException wrong)
        {
            return new(name, wrong.Message, null, [], () => throw wrong);
        }
    }

    private static ReadOnlyMemory<byte> Bytes(Stream values, NpyHeader header)
    {
        var bytes = new byte[checked(header.Count * header.Size)];
        values.ReadExactly(bytes);
        return bytes;
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

    private static bool IsArray(string member) => member.EndsWith(Extension, StringComparison.Ordinal);
}
