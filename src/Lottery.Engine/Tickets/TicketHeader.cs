using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Networks.Descriptions;

namespace Lottery.Tickets;

/// <summary>The header of a ticket: everything but its mask and its values.</summary>
internal sealed record TicketHeader
{
    /// <summary>Maximum number of weights of a ticket's network, which bounds the memory that an untrusted file can ask for.</summary>
    private const long MaxWeights = 1 << 25;

    public required TicketKind Kind { get; init; }

    public required Network Network { get; init; }

    /// <summary>Null unless the kind is a recipe.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>The number format of a trained ticket's values.</summary>
    public ValueFormat Format { get; init; }

    /// <summary>True for a trained ticket whose pruned weights are not all zero: it stores the values of all weights.</summary>
    public bool Dense { get; init; }

    public PixelScale Scale { get; init; } = PixelScale.Unit;

    /// <summary>Empty if the classes have no names.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    public Provenance Provenance { get; init; } = Provenance.Unknown;

    /// <summary>Reads a network's description, and checks its size.</summary>
    /// <param name="description">The text of <see cref="Network.Description"/>.</param>
    /// <param name="name">Null for its name in the catalogue.</param>
    /// <exception cref="FormatException">The description is wrong; the message is the end of a sentence about the ticket.</exception>
    public static Network ReadNetwork(string description, string? name)
    {
        Network network = NetworkReader.Read(description, name ?? NetworkCatalogue.NameOf(description) ?? UnknownName);
        return network.Parameters.Sum(parameter => (long)parameter.Count) <= MaxWeights
            ? network
            : throw new FormatException($"its network has more than {MaxWeights} weights");
    }

    /// <summary>The name of a network without a name.</summary>
    public const string UnknownName = "network";
}
