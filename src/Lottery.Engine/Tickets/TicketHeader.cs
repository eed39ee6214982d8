using System.Collections.Immutable;
using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>All that a ticket says in words: everything but its mask and its values.</summary>
internal sealed record TicketHeader
{
    /// <summary>Parameters of a ticket's network: a stranger's file may ask for no more memory than they take.</summary>
    private const long MostValues = 1 << 26;

    public required TicketKind Kind { get; init; }

    public required Network Network { get; init; }

    /// <summary>Null unless the kind is a recipe.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>How the values of a trained ticket are written.</summary>
    public ValueFormat Format { get; init; }

    /// <summary>True for a trained ticket whose pruned weights are not all zero: its values are those of all weights.</summary>
    public bool Dense { get; init; }

    public PixelScale Scale { get; init; } = PixelScale.Unit;

    /// <summary>Empty where nobody named them.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    public Provenance Provenance { get; init; } = Provenance.Unknown;

    /// <summary>The network of a description, where it is of a size that a ticket may have.</summary>
    /// <param name="description">What <see cref="Network.Description"/> says.</param>
    /// <param name="name">Null for its name in the catalogue.</param>
    /// <exception cref="FormatException">It describes none; the message is the end of a sentence about the ticket.</exception>
    public static Network ReadNetwork(string description, string? name)
    {
        Network network = NetworkReader.Read(description, name ?? NetworkCatalogue.NameOf(description) ?? UnknownName);
        return network.Parameters.Sum(parameter => (long)parameter.Count) <= MostValues
            ? network
            : throw new FormatException($"its network has more than the {MostValues} weights that a ticket may have");
    }

    /// <summary>What a network is called that has no name.</summary>
    public const string UnknownName = "network";
}
