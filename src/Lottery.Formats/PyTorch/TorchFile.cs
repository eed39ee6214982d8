using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using Lottery.Data.Pickle;
using Lottery.Formats.Safetensors;
using Lottery.Formats.Zip;

namespace Lottery.Formats.PyTorch;

/// <summary>
/// Reads the tensors of a file that <c>torch.save</c> wrote: the zip archive of PyTorch 1.6 and later, and the older form of
/// pickles followed by storages. The pickles are read as data (<see cref="PickleReader"/>): nothing is executed.
/// </summary>
internal static class TorchFile
{
    private const string Pickle = "data.pkl", Remedy = "save model.state_dict() alone";
    private const long MostOfPickle = 1L << 26;
    private const int LegacyProtocol = 1001;

    /// <summary>The number that the older form begins with.</summary>
    private static readonly BigInteger s_magic = BigInteger.Parse("01950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, null);

    /// <summary>True for an archive that <c>torch.save</c> or <c>torch.jit.save</c> wrote.</summary>
    public static bool IsTorch(ZipMembers members) => members.Names.Any(name => NameOf(name) == Pickle);

    /// <summary>True for what begins like the older form, or like any other pickle.</summary>
    public static bool IsPickle(ReadOnlySpan<byte> bytes) => bytes is [0x80, >= 2 and <= 5, ..];

    /// <summary>The tensors of an archive, in the order in which they were saved, and the keys under which they were found.</summary>
    /// <exception cref="InvalidDataException">It is damaged or holds something else; the message is a clause.</exception>
    public static (ImmutableArray<StoredTensor> Tensors, string Where) Index(ZipMembers members)
    {
        string[] pickles = [.. members.Names.Where(name => NameOf(name) == Pickle)];
        if (pickles is not [var pickle]) throw new InvalidDataException($"it has {pickles.Length} members called {Pickle}");
        string folder = pickle[..^Pickle.Length];
        if (members.Names.Contains($"{folder}constants.pkl"))
            throw new InvalidDataException("it is a TorchScript program; save model.state_dict() by torch.save, or export the model as ONNX");
        if (members.Names.Contains($"{folder}byteorder") && members.Start($"{folder}byteorder", 6) is [(byte)'b', ..])
            throw new InvalidDataException("its values are big-endian; save it on a little-endian machine");
        object? root = PickleReader.Read(members.Read(pickle, MostOfPickle), TorchNames.All, Remedy);
        return new TorchTensors(StorageOf).Find(root);

        TorchStorage StorageOf(PickleReference reference)
        {
            (PickleGlobal type, string key, long count) = Described(reference);
            string member = $"{folder}data/{key}";
            int width = TorchNames.TypeOf(type)?.Size() ?? 1;
            return new(type, count, () => members.Read(member, checked(count * width)));
        }
    }

    /// <summary>The tensors of a file in the older form.</summary>
    /// <inheritdoc cref="Index(ZipMembers)" path="/exception"/>
    public static (ImmutableArray<StoredTensor> Tensors, string Where) Index(byte[] bytes)
    {
        var reader = new PickleReader(bytes, TorchNames.All, Remedy);
        if (reader.Next() is not BigInteger magic || magic != s_magic)
            throw new InvalidDataException("it is a pickle, but not of torch.save; save model.state_dict() by torch.save");
        if (reader.Next() is not (long and LegacyProtocol)) throw new InvalidDataException("it is of an unknown version of torch.save");
        if (reader.Next() is PickleDictionary system && system["little_endian"] is false)
            throw new InvalidDataException("its values are big-endian; save it on a little-endian machine");
        object? root = reader.Next();
        if (reader.Next() is not PickleList keys) throw new InvalidDataException("its list of storages is missing");
        // The width of a storage's values stands in the references alone.
        var widths = new Dictionary<string, int>();
        foreach (PickleReference reference in reader.References)
        {
            (PickleGlobal type, string key, _) = Described(reference);
            widths[key] = TorchNames.TypeOf(type)?.Size() ?? throw new InvalidDataException($"it has a {type}, whose values are not supported");
        }
        var places = new Dictionary<string, ReadOnlyMemory<byte>>();
        return new TorchTensors(StorageOf).Find(root);

        TorchStorage StorageOf(PickleReference reference)
        {
            (PickleGlobal type, string key, long count) = Described(reference);
            return new(type, count, () => Located(key));
        }

        ReadOnlyMemory<byte> Located(string key)
        {
            if (places.Count == 0) Locate();
            return places.TryGetValue(key, out ReadOnlyMemory<byte> place) ? place : throw new InvalidDataException($"its storage {key} is missing");
        }

        void Locate()
        {
            int at = reader.Position;
            foreach (string key in keys.Items.OfType<string>())
            {
                if (at > bytes.Length - sizeof(long)) throw new InvalidDataException("it ends before its storages do");
                long count = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
                at += sizeof(long);
                if (!widths.TryGetValue(key, out int width)) throw new InvalidDataException($"its storage {key} has no type");
                if (count < 0 || count > (bytes.Length - at) / width) throw new InvalidDataException("it ends before its storages do");
                places[key] = bytes.AsMemory(at, (int)count * width);
                at += (int)count * width;
            }
        }
    }

    private static (PickleGlobal Type, string Key, long Count) Described(PickleReference reference) =>
        reference.Id is PickleList { Items: ["storage", PickleGlobal type, string key, _, long and >= 0 and <= int.MaxValue and var count, .. [] or [null]] }
            ? (type, key, count)
            : throw new InvalidDataException("it refers to something that is no storage");

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
