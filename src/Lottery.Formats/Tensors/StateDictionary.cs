using System.Collections.Immutable;
using Lottery.Formats.Safetensors;

namespace Lottery.Formats.Tensors;

/// <summary>A tensor of a state dictionary, under the name that it has without what wrappers add.</summary>
/// <param name="Name">For example <c>fc1.weight</c>.</param>
/// <param name="Tensor">The values.</param>
/// <param name="Mask">The mask that PyTorch's pruning keeps next to the values; null for none.</param>
internal sealed record StateEntry(string Name, StoredTensor Tensor, StoredTensor? Mask)
{
    /// <summary>The layer's name: what is before the last dot.</summary>
    public string Layer => Name.Contains('.', StringComparison.Ordinal) ? Name[..Name.LastIndexOf('.')] : Name;

    /// <summary>What follows the last dot: <c>weight</c>.</summary>
    public string Part => Name[(Name.LastIndexOf('.') + 1)..];
}

/// <summary>Reads the names of a state dictionary.</summary>
internal static class StateDictionary
{
    private const string BatchCount = "num_batches_tracked", Original = "_orig", MaskEnd = "_mask";

    /// <summary>What PyTorch and Lightning put before every name: of DataParallel, of compiled modules, and of a module's attribute.</summary>
    public static ImmutableArray<string> Prefixes { get; } = ["module.", "_orig_mod.", "model."];

    /// <summary>
    /// The tensors: counts of batches are left out, and each pair <c>X_orig</c> and <c>X_mask</c> of torch.nn.utils.prune is one
    /// entry called <c>X</c>.
    /// </summary>
    public static ImmutableArray<StateEntry> Of(ImmutableArray<StoredTensor> tensors)
    {
        Dictionary<string, StoredTensor> byName = tensors.ToDictionary(tensor => tensor.Name);
        var entries = ImmutableArray.CreateBuilder<StateEntry>();
        foreach (StoredTensor tensor in tensors)
        {
            if (tensor.Name.Split('.')[^1] == BatchCount) continue;
            if (Base(tensor.Name, MaskEnd) is { } masked && byName.ContainsKey(masked + Original)) continue;
            entries.Add(Base(tensor.Name, Original) is { } name && byName.TryGetValue(name + MaskEnd, out StoredTensor? mask)
                ? new(name, tensor, mask)
                : new(tensor.Name, tensor, null));
        }
        return entries.ToImmutable();
    }

    /// <summary>The entries without prefixes; null if there is none to strip, or if two names would become one.</summary>
    public static (ImmutableArray<StateEntry> Entries, string Stripped)? Strip(ImmutableArray<StateEntry> entries)
    {
        var stripped = new List<string>();
        ImmutableArray<StateEntry> shorter = [.. entries.Select(entry => entry with { Name = Strip(entry.Name, stripped) })];
        return stripped.Count > 0 && shorter.DistinctBy(entry => entry.Name).Count() == shorter.Length
            ? (shorter, string.Join(" and ", stripped.Select(prefix => $"'{prefix}'"))) : null;
    }

    /// <summary>A name without prefixes.</summary>
    /// <param name="name">The name.</param>
    /// <param name="stripped">Receives the prefixes.</param>
    public static string Strip(string name, List<string> stripped)
    {
        while (Prefixes.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix)
        {
            if (!stripped.Contains(prefix)) stripped.Add(prefix);
            name = name[prefix.Length..];
        }
        return name;
    }

    private static string? Base(string name, string end) => name.EndsWith(end, StringComparison.Ordinal) ? name[..^end.Length] : null;
}
