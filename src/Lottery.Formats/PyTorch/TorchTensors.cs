using System.Collections.Immutable;
using Lottery.Data.Pickle;
using Lottery.Formats.Safetensors;

namespace Lottery.Formats.PyTorch;

/// <summary>Finds the state dictionary in what a checkpoint holds, and the tensors in it.</summary>
/// <param name="storageOf">The storage that a reference stands for.</param>
internal sealed class TorchTensors(Func<PickleReference, TorchStorage> storageOf)
{
    private const int DeepestDictionary = 4;

    /// <summary>Where checkpoints keep the weights, the most usual first.</summary>
    private static readonly string[] s_keys = ["state_dict", "model_state_dict", "model", "net", "network", "params"];

    /// <summary>The tensors, and the keys under which they were found (<c>checkpoint.model</c>); empty if they are the whole file.</summary>
    /// <exception cref="InvalidDataException">There are none, or there are several dictionaries of tensors; the message is a clause.</exception>
    public (ImmutableArray<StoredTensor> Tensors, string Where) Find(object? root)
    {
        if (Untagged(root) is not PickleDictionary dictionary)
            throw new InvalidDataException("it holds no dictionary; save model.state_dict()");
        return Find(dictionary, "", 0) ?? throw new InvalidDataException("it holds no tensors by name; save model.state_dict()");
    }

    private (ImmutableArray<StoredTensor>, string)? Find(PickleDictionary dictionary, string where, int depth)
    {
        if (depth > DeepestDictionary) return null;
        foreach (string key in s_keys)
            if (Untagged(dictionary[key]) is PickleDictionary inner && Find(inner, Below(where, key), depth + 1) is { } found) return found;
        ImmutableArray<StoredTensor> own = [.. dictionary.Entries.Select(entry => TensorOf(entry.Key, entry.Value)).OfType<StoredTensor>()];
        if (own.Any(tensor => tensor.Shape.Length > 0)) return (own, where);
        string[] others = [.. dictionary.Entries.Where(entry => Untagged(entry.Value) is PickleDictionary inner && inner.Entries.Values.Any(IsTensor)).Select(entry => entry.Key)];
        return others switch
        {
            [] => null,
            [var only] => Find((PickleDictionary)Untagged(dictionary[only])!, Below(where, only), depth + 1),
            _ => throw new InvalidDataException($"it holds tensors under {string.Join(", ", others)}; save one of them as state_dict"),
        };
    }

    private static object? Untagged(object? value) => value is PickleCall { Arguments: [var inner, ..] } call && call.Function.ToString() == TorchNames.Tag ? inner : value;

    private static string Below(string where, string key) => where.Length == 0 ? key : $"{where}.{key}";

    private static bool IsTensor(object? value) => value is PickleCall call && (TorchNames.Tensors.Contains(call.Function.ToString()) || TorchNames.Parameters.Contains(call.Function.ToString()));

    private StoredTensor? TensorOf(string name, object? value)
    {
        if (value is not PickleCall call) return null;
        if (TorchNames.Parameters.Contains(call.Function.ToString())) value = call.Arguments.FirstOrDefault();
        if (value is not PickleCall tensor || !TorchNames.Tensors.Contains(tensor.Function.ToString())) return null;
        if (tensor.Arguments is not [PickleReference reference, var offset, PickleList size, PickleList stride, ..])
            throw new InvalidDataException($"the tensor {name} is incomplete");
        TorchStorage storage = storageOf(reference);
        PickleGlobal typed = tensor.Function.Name.EndsWith("_v3", StringComparison.Ordinal) && tensor.Arguments.ElementAtOrDefault(6) is PickleGlobal stated ? stated : storage.Name;
        ImmutableArray<int> shape = [.. size.Items.Select(one => Whole(one, name))];
        long[] steps = [.. stride.Items.Select(one => (long)Whole(one, name))];
        if (steps.Length != shape.Length || shape.Length > 8) throw new InvalidDataException($"the tensor {name} has a shape and strides that do not match");
        long begin = Whole(offset, name);
        return new(name, $"{typed}", TorchNames.TypeOf(typed), shape, () => Values(name, storage, TorchNames.TypeOf(typed)!.Value.Size(), begin, shape, steps));
    }

    private static int Whole(object? value, string name) => value is long and >= 0 and <= int.MaxValue
        ? (int)(long)value : throw new InvalidDataException($"the tensor {name} has an impossible size, stride or offset");

    /// <summary>The values in row-major order: a part of the storage, or a copy where they lie otherwise.</summary>
    private static ReadOnlyMemory<byte> Values(string name, TorchStorage storage, int width, long begin, ImmutableArray<int> shape, long[] steps)
    {
        ReadOnlyMemory<byte> bytes = storage.Read();
        long count = 1, last = begin;
        foreach ((int size, long step) in shape.Zip(steps))
        {
            count = checked(count * size);
            last = checked(last + Math.Max(0, size - 1) * step);
            if (count > bytes.Length / width) break;
        }
        if (count == 0) return default;
        if (last >= bytes.Length / width || count > bytes.Length / width)
            throw new InvalidDataException($"the tensor {name} reaches beyond its storage");
        return IsRowMajor(shape, steps)
            ? bytes.Slice((int)begin * width, (int)count * width)
            : Gathered(bytes.Span, width, (int)begin, shape, steps, (int)count);
    }

    private static bool IsRowMajor(ImmutableArray<int> shape, long[] steps)
    {
        long step = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] != 1 && steps[i] != step) return false;
            step *= shape[i];
        }
        return true;
    }

    private static byte[] Gathered(ReadOnlySpan<byte> bytes, int width, int begin, ImmutableArray<int> shape, long[] steps, int count)
    {
        var values = new byte[count * width];
        var index = new int[shape.Length];
        long at = begin;
        for (int i = 0; i < count; i++)
        {
            bytes.Slice((int)at * width, width).CopyTo(values.AsSpan(i * width));
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                at += steps[d];
                if (++index[d] < shape[d]) break;
                at -= steps[d] * shape[d];
                index[d] = 0;
            }
        }
        return values;
    }
}
