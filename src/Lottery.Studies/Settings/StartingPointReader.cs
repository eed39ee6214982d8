using Lottery.Networks;
using Lottery.Search;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.Tickets;

namespace Lottery.Studies.Settings;

/// <summary>Reads the masks, weights and tickets that settings name; each file is read once.</summary>
/// <param name="store">Where the runs are whose masks may be named.</param>
internal sealed class StartingPointReader(RunStore store)
{
    private readonly Dictionary<(string?, string?, string?, string), StartingPoint> _points = [];
    private readonly Dictionary<(string, string), Mask> _masks = [];
    private readonly Dictionary<string, Ticket> _tickets = [];

    /// <summary>The starting point of a mask and of weights in files.</summary>
    /// <param name="mask">A safetensors file, or the beginning of a run's id; null for a dense network.</param>
    /// <param name="initial">A safetensors file with initial weights; null for those of each seed.</param>
    /// <param name="pretrained">A safetensors file with pretrained weights; null to train level 0.</param>
    /// <param name="network">The network that they must belong to.</param>
    /// <exception cref="UserException">A file is missing, or belongs to another network.</exception>
    public StartingPoint Read(string? mask, string? initial, string? pretrained, Network network)
    {
        var key = (mask, initial, pretrained, network.Description);
        if (_points.TryGetValue(key, out StartingPoint? known)) return known;
        return _points[key] = new(
            mask is null ? null : ReadMask(mask, network),
            initial is null ? null : WeightsFile.Read(initial, network),
            pretrained is null ? null : WeightsFile.Read(pretrained, network));
    }

    /// <summary>The mask in a safetensors file, or that of a finished run.</summary>
    /// <param name="name">A path, or the beginning of a run's id.</param>
    /// <param name="network">The network that it must belong to.</param>
    /// <exception cref="UserException">There is neither, there are several such runs, or the mask belongs to another network.</exception>
    public Mask ReadMask(string name, Network network)
    {
        if (_masks.TryGetValue((name, network.Description), out Mask? known)) return known;
        return _masks[(name, network.Description)] = File.Exists(name) ? MaskFile.Read(name, network)
            : Directory.Exists(name) ? throw new UserException($"{name} is a folder; name the mask.safetensors in it.")
            : name.Length > 0 && name.All(char.IsAsciiHexDigit) ? MaskOfRun(name, network)
            : throw new UserException($"There is no file {name}, and it is not a run's id; name a safetensors file or a run.");
    }

    /// <summary>The ticket in a file.</summary>
    /// <exception cref="UserException">The file is missing, or is not a ticket.</exception>
    public Ticket ReadTicket(string path) => _tickets.TryGetValue(path, out Ticket? known) ? known : _tickets[path] = Ticket.Load(path);

    private Mask MaskOfRun(string prefix, Network network)
    {
        string id = store.Resolve(prefix);
        RunSpecification run = store.Summary(id).Specification;
        if (run.Network.Description != network.Description)
            throw new UserException($"Run {RunIdentity.Short(id)} has a mask of {run.Network.Name}, and the network is "
                + $"{network.Name}; name a run of the same network.");
        Mask mask = store.Load(id).Mask;
        return new(network, [.. Enumerable.Range(0, network.Parameters.Length).Select(i => mask[i])]);
    }
}
