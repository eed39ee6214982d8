namespace Lottery.Formats.PyTorch;

/// <summary>The memory that tensors share.</summary>
/// <param name="Name">The name of its type, as in <c>torch.FloatStorage</c>.</param>
/// <param name="Count">The number of its values; of bytes if it has no type.</param>
/// <param name="Read">Reads it whole.</param>
internal sealed record TorchStorage(Data.Pickle.PickleGlobal Name, long Count, Func<ReadOnlyMemory<byte>> Read);
