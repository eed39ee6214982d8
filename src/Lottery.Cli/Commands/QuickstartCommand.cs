using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Cli.Searches;
using Lottery.Data;
using Lottery.Formats;
using Lottery.Networks;
using Lottery.Studies.Files;

namespace Lottery.Cli.Commands;

/// <summary>A whole search on real data in a minute or two, as a first example.</summary>
internal sealed class QuickstartCommand : LotteryCommand
{
    private const int Validation = 5_000;

    private readonly Option<string> _data = new("--data")
    {
        Description = "Other images: a name from `lottery data list`, a folder, or folder:PATH for images.",
        HelpName = "NAME|PATH",
        DefaultValueFactory = _ => KnownSet.FashionMnist.Name,
    };

    public QuickstartCommand(Terminal terminal)
        : base("quickstart", "Find tickets in a real network within two minutes, with controls and intervals.",
            "lottery quickstart", terminal)
    {
        foreach (Option option in (Option[])[_data, Common.Seed(), Common.Store(), Common.Jobs()]) Add(option);
    }

    protected override int Run(ParseResult parsed)
    {
        string name = parsed.GetValue(_data)!;
        Dataset data = DataSource.Load(name);
        new OneSearch(Terminal, parsed).Run(Study.FromText("quickstart", Text(name, data, Common.SeedOf(parsed))), new(), _ => "lottery help find", data);
        return 0;
    }

    private static string Text(string name, Dataset data, ulong seed) => string.Create(CultureInfo.InvariantCulture, $$"""
        network: {{NetworkFor(data)}}
        data: { set: {{JsonSerializer.Serialize(name)}}, validation: {{Math.Clamp(data.Train.Count / 10, 1, Validation)}} }
        train: { optimizer: { adam: { lr: 1.2e-3 } }, batch: 60, steps: 1800, evaluate: { every: 100 } }
        prune: { levels: 6, rate: { conv: 0.36, fc: 0.36, output: 0.19 } }
        controls: [reinit, random-mask]
        replicates: 5
        seed: {{seed}}
        """);

    /// <summary>LeNet-300-100, with other inputs and outputs where the images have another size or other classes.</summary>
    private static string NetworkFor(Dataset data)
    {
        Network network = Network.Lenet300100;
        return network.Inputs == data.Train.Features && network.Outputs == data.Classes
            ? network.Name
            : $"mlp:{data.Train.Features}-300-100-{data.Classes}";
    }
}
