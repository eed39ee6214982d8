using Lottery.Formats.Onnx;
using Lottery.Formats.Tensors;
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
    private readonly Dictionary<(StartingFiles, string), StartingPoint> _points = [];
    private readonly Dictionary<(string, string?, string), Mask> _masks = [];
    private readonly Dictionary<string, Ticket> _tickets = [];

    /// <summary>The starting point of a mask and of weights in files. What was done to names, and where a mask comes from, is reported.</summary>
    /// <param name="files">The files.</param>
    /// <param name="network">The network that they must belong to.</param>
    /// <exception cref="UserException">A file is missing, or belongs to another network.</exception>
    public StartingPoint Read(StartingFiles files, Network network)
    {
        if (_points.TryGetValue((files, network.Description), out StartingPoint? known)) return known;
        NetworkWeights? initial = files.Initial is { } first ? ReadWeights(first, network, files.Map) : null;
        NetworkWeights? final = files.Final is { } last ? ReadWeights(last, network, files.Map)
            : files.Model is { } model ? Reported(NetworkWeights.Of(model, OnnxReader.Read(model))) : null;
        // Zeros of trained weights are their mask; initial weights say so only where there are no others.
        NetworkWeights? masked = final ?? initial;
        Mask? mask = files.Mask is { } name ? ReadMask(name, network, files.Map) : masked?.Mask;
        if (files.Mask is null && masked?.MaskNote is { } note) store.Warn?.Invoke(note);
        return _points[(files, network.Description)] = new(mask, initial?.Unmasked, final?.Weights);
    }

    /// <summary>The mask in a file, or that of a finished run.</summary>
    /// <param name="name">A path, or the beginning of a run's id.</param>
    /// <param name="network">The network that it must belong to.</param>
    /// <param name="map">Which tensors are which, where names do not say so.</param>
    /// <exception cref="UserException">There is neither, there are several such runs, or the mask belongs to another network.</exception>
    public Mask ReadMask(string name, Network network, string? map = null)
    {
        if (_masks.TryGetValue((name, map, network.Description), out Mask? known)) return known;
        return _masks[(name, map, network.Description)] = File.Exists(name) ? MaskOfFile(name, network, map)
            : Directory.Exists(name) ? throw new UserException($"{name} is a folder; name the mask.safetensors in it.")
            : name.Length > 0 && name.All(char.IsAsciiHexDigit) ? MaskOfRun(name, network)
            : throw new UserException($"There is no file {name}, and it is not a run's id; name a file with a mask, or a run.");
    }

    /// <summary>The finished run whose mask a setting names; null where it names a file.</summary>
    /// <param name="name">A path, or the beginning of a run's id.</param>
    /// <exception cref="UserException">There is no such run, or there are several.</exception>
    public RunSpecification? FindRun(string name) => File.Exists(name) ? null : store.Summary(store.Resolve(name)).Specification;

    /// <summary>The run that a ticket was made of; null where the store does not have it.</summary>
    public RunSpecification? FindRun(Ticket ticket)
    {
        if (ticket.Provenance.Run is not { } digits) return null;
        try
        {
            return FindRun(digits);
        }
        catch (UserException)
        {
            // The store does not have it, or cannot read it.
            return null;
        }
    }

    /// <summary>The ticket in a file.</summary>
    /// <exception cref="UserException">The file is missing, or is not a ticket.</exception>
    public Ticket ReadTicket(string path) => _tickets.TryGetValue(path, out Ticket? known) ? known : _tickets[path] = Ticket.Load(path);

    private NetworkWeights ReadWeights(string path, Network network, string? map) => Reported(NetworkWeights.Read(path, network, NameMap.Parse(map)));

    private NetworkWeights Reported(NetworkWeights weights)
    {
        foreach (string note in weights.Notes) store.Warn?.Invoke(note);
        return weights;
    }

    private Mask MaskOfFile(string path, Network network, string? map)
    {
        var read = NetworkMask.Read(path, network, NameMap.Parse(map));
        foreach (string note in read.Notes) store.Warn?.Invoke(note);
        return read.Mask;
    }

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
