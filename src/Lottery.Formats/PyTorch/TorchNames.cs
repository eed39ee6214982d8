using System.Collections.Frozen;
using Lottery.Data.Pickle;
using Lottery.Formats.Safetensors;

namespace Lottery.Formats.PyTorch;

/// <summary>The names that a state dictionary may refer to: any other is refused.</summary>
internal static class TorchNames
{
    private static readonly Dictionary<string, TensorType> s_storages = new()
    {
        ["torch.FloatStorage"] = TensorType.F32, ["torch.DoubleStorage"] = TensorType.F64, ["torch.HalfStorage"] = TensorType.F16,
        ["torch.BFloat16Storage"] = TensorType.BF16, ["torch.LongStorage"] = TensorType.I64, ["torch.IntStorage"] = TensorType.I32,
        ["torch.ShortStorage"] = TensorType.I16, ["torch.CharStorage"] = TensorType.I8, ["torch.ByteStorage"] = TensorType.U8,
        ["torch.BoolStorage"] = TensorType.Bool,
    };

    private static readonly Dictionary<string, TensorType> s_types = new()
    {
        ["torch.float32"] = TensorType.F32, ["torch.float64"] = TensorType.F64, ["torch.float16"] = TensorType.F16,
        ["torch.bfloat16"] = TensorType.BF16, ["torch.int64"] = TensorType.I64, ["torch.int32"] = TensorType.I32,
        ["torch.int16"] = TensorType.I16, ["torch.int8"] = TensorType.I8, ["torch.uint8"] = TensorType.U8, ["torch.bool"] = TensorType.Bool,
        ["torch.uint16"] = TensorType.U16, ["torch.uint32"] = TensorType.U32, ["torch.uint64"] = TensorType.U64,
    };

    /// <summary>Storages without a type of their own, whose tensors state it.</summary>
    private static readonly string[] s_untyped = ["torch.UntypedStorage", "torch.storage.UntypedStorage", "torch.storage._UntypedStorage"];

    /// <summary>What makes a tensor of a storage.</summary>
    public static FrozenSet<string> Tensors { get; } = FrozenSet.Create("torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3");

    /// <summary>What makes a parameter of a tensor.</summary>
    public static FrozenSet<string> Parameters { get; } = FrozenSet.Create("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state");

    /// <summary>What PyTorch's own C++ code puts around a dictionary, with the name of its type.</summary>
    public const string Tag = "torch.jit._pickle.restore_type_tag";

    /// <summary>All names. Those that are no tensors (sizes, devices, NumPy's numbers, options) are passed over.</summary>
    public static FrozenSet<string> All { get; } =
    [
        .. Tensors, .. Parameters, .. s_storages.Keys, .. s_types.Keys, .. s_untyped, Tag, "torch.ComplexFloatStorage", "torch.ComplexDoubleStorage",
        "collections.OrderedDict", "collections.defaultdict", "torch.Size", "torch.device", "argparse.Namespace", "_codecs.encode",
        "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.dtype",
    ];

    /// <summary>The type of a storage's values; null if none is supported.</summary>
    public static TensorType? TypeOf(PickleGlobal name) =>
        s_storages.TryGetValue(name.ToString(), out TensorType type) || s_types.TryGetValue(name.ToString(), out type) ? type : null;
}
