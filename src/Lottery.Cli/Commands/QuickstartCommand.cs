using System.CommandLine;
using Lottery.Cli.Searches;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Networks;
using Lottery.Specifications;

namespace Lottery.Cli.Commands;

/// <summary>A whole search on real data in a minute or two, to see what this is about.</summary>
internal sealed class QuickstartCommand : Verb
{
    private const int Levels = 6, Replicates = 5, Steps = 1_800, Validation = 5_000;
    private const decimal Rate = 0.36m, OutputRate = 0.19m;

    private readonly Option<string> _data = new("--data")
    {
        Description = "Other images: a name from `lottery data list`, a folder, or folder:PATH for images.",
        HelpName = "NAME|PATH",
        DefaultValueFactory = _ => KnownSet.FashionMnist.Name,
    };

    public QuickstartCommand(Terminal terminal)
        : base("quickstart", "Find tickets in a real network within two minutes, with controls and intervals.",
            "lottery quickstart", terminal) => Add(_data);

    protected override int Run(ParseResult parsed)
    {
        var data = DataSource.Load(parsed.GetValue(_data)!);
        new TicketHunt(Terminal, parsed).Run(Request(data), data, "lottery find --help");
        return 0;
    }

    private static SearchRequest Request(Dataset data) => new()
    {
        Network = NetworkFor(data),
        Validation = Math.Clamp(data.Train.Count / 10, 1, Validation),
        Training = new() { Optimizer = Optimizer.Adam(1.2e-3), Batch = 60, Steps = Steps, Evaluate = 100 },
        Pruning = new() { Levels = Levels, Conv = Rate, Fc = Rate, Output = OutputRate },
        Controls = [Control.Reinit, Control.RandomMask],
        Replicates = Replicates,
    };

    /// <summary>LeNet-300-100; for images of another size, or with other classes, its like.</summary>
    private static Network NetworkFor(Dataset data)
    {
        Network network = Network.Lenet300100;
        return network.Inputs == data.Train.Features && network.Outputs == data.Classes
            ? network
            : NetworkCatalogue.Get($"mlp:{data.Train.Features}-300-100-{data.Classes}");
    }
}
