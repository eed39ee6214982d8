using System.Collections.Immutable;
using System.Text.Json;
using Lottery.Files;
using Lottery.Formats.Npz;
using Lottery.Formats.PyTorch;
using Lottery.Formats.Safetensors;
using Lottery.Formats.Zip;

namespace Lottery.Formats.Tensors;

/// <summary>
/// The tensors of a file in any of the forms in which weights and masks come: safetensors, npz, and what <c>torch.save</c>
/// writes. The form is recognized by the content. Names and shapes are read at once, values only where they are used.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Tensors">Its tensors, in the order of the file.</param>
/// <param name="IsOrdered">True if that is the order in which the network has them; safetensors and npz sort them otherwise.</param>
/// <param name="Where">The keys of a checkpoint under which they are; empty if they are the whole file.</param>
internal sealed record NamedTensors(string Path, ImmutableArray<StoredTensor> Tensors, bool IsOrdered, string Where)
{
    private const string Forms = "safetensors, npz, or a state dictionary saved by torch.save";

    /// <summary>The tensors of a file.</summary>
    /// <exception cref="UserException">The file is missing, damaged, or of another form.</exception>
    public static NamedTensors Read(string path) => Guard(path, () => Of(path, InputFile.ReadAll(path, Array.MaxLength)));

    /// <summary>What <paramref name="read"/> returns; what is wrong with the file is a sentence that names it.</summary>
    /// <exception cref="UserException">The file is damaged.</exception>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is InvalidDataException or JsonException or IOException or UnauthorizedAccessException or OverflowException)
        {
            string why = wrong switch
            {
                JsonException => "its header is not JSON",
                OverflowException => "it has a size that is too large",
                _ => wrong.Message.TrimEnd('.'),
            };
            // A clause with a remedy of its own needs no other.
            throw new UserException($"{path} cannot be read: {why}{(why.Contains(';', StringComparison.Ordinal) ? "" : $"; give a complete file: {Forms}")}.", wrong);
        }
    }

    private static NamedTensors Of(string path, byte[] bytes)
    {
        if (TorchFile.IsPickle(bytes)) return Of(path, TorchFile.Index(bytes));
        if (ZipMembers.IsArchive(bytes))
        {
            var members = new ZipMembers(bytes);
            return TorchFile.IsTorch(members) ? Of(path, TorchFile.Index(members))
                : NpzArchive.IsNpz(members) ? new(path, SparseTensors.Joined(new NpzArchive(members).Tensors()), IsOrdered: false, "")
                : throw new InvalidDataException($"it is a zip archive without arrays; give {Forms}");
        }
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']))
            throw new InvalidDataException("it is one array without a name; save all of them by numpy.savez");
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
            throw new InvalidDataException("it is an HDF5 file, as Keras writes it; save its arrays by numpy.savez, or export the model as ONNX");
        return new(path, SparseTensors.Joined(SafetensorsReader.Index(bytes)), IsOrdered: false, "");
    }

    private static NamedTensors Of(string path, (ImmutableArray<StoredTensor> Tensors, string Where) found) => new(path, found.Tensors, IsOrdered: true, found.Where);
}
