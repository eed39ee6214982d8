using Lottery.Networks;
using Lottery.Specifications;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Store;

/// <summary>Masks that searches begin with, by what people call them; each is read once.</summary>
/// <param name="store">Where the runs are whose masks may be named.</param>
public sealed class GivenMasks(RunStore store)
{
    private readonly Dictionary<(string, string), Mask> _read = [];

    /// <summary>The mask in a safetensors file, or that of a finished run.</summary>
    /// <param name="text">A path, or the beginning of a run's id.</param>
    /// <param name="network">The network that it must belong to.</param>
    /// <exception cref="UserException">There is neither, there are several such runs, or the mask is none of the network.</exception>
    public Mask Find(string text, Network network)
    {
        if (_read.TryGetValue((text, network.Description), out Mask? known)) return known;
        return _read[(text, network.Description)] = File.Exists(text) ? MaskFile.Read(text, network)
            : Directory.Exists(text) ? throw new UserException($"{text} is a folder; name the mask.safetensors in it.")
            : text.Length > 0 && text.All(char.IsAsciiHexDigit) ? OfRun(text, network)
            : throw new UserException($"There is no file {text}, and no run's id is like that; name a safetensors file or a run.");
    }

    private Mask OfRun(string prefix, Network network)
    {
        string id = store.Resolve(prefix);
        RunSpecification run = store.Specification(id);
        if (run.Network.Description != network.Description)
            throw new UserException($"Run {RunIdentity.Short(id)} has a mask of {run.Network.Name}, and the network is "
                + $"{network.Name}: name a run of the same network.");
        Mask mask = store.Load(id).Mask;
        return new(network, [.. Enumerable.Range(0, network.Parameters.Length).Select(i => mask[i])]);
    }
}
