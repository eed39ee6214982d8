using Lottery.Formats.Networks;
using Lottery.Networks;
using Lottery.Networks.Descriptions;

namespace Lottery.Fuzz.Targets;

/// <summary>Networks in YAML.</summary>
internal sealed class NetworkTarget : YamlTarget
{
    public override string Name => "network";

    protected override string[] Whole =>
    [
        .. ((string[])["lenet-300-100", "conv-2", "resnet-18", "resnet-20", "vgg-19"])
            .Select(name => string.Join('\n', NetworkText.Lines(NetworkCatalogue.Get(name))) + "\n"),
        """
        input: 2x6x6
        layers:
          - conv: { channels: 4, kernel: 2, stride: 2, padding: 1, bias: false, prune: false, name: first }
          - batch-norm
          - relu
          - residual: { body: [ { conv: 6 }, dropout: 0.5 ], shortcut: [ zero-pad: { channels: 6 } ] }
          - average-pool: { size: 2 }
          - flatten
          - fc: { units: 5, prune: false, name: middle }
          - output: { classes: 3, name: last }
        """,
    ];

    protected override string[] Known =>
    [
        "conv: 3\n", "fc", "output", "batch-norm", "relu", "max-pool: 2", "global-average-pool", "flatten", "dropout", "residual", "zero-pad",
        "body", "shortcut", "channels: 1048576", "kernel: 1048576", "stride: 1048576", "padding: 1048576", "prune", "bias", "1048577", "he-normal",
    ];

    public override void Read(Case file, string folder)
    {
        Network network = NetworkFile.Read(Path.Combine(folder, file.File));
        Require(Again(network).Equals(network), "the network's description is read as another network");
        string path = Path.Combine(folder, "again.yaml");
        File.WriteAllLines(path, NetworkText.Lines(network));
        Require(NetworkFile.Read(path).Equals(network), "the network as YAML is read as another network");
    }

    private static Network Again(Network network)
    {
        try
        {
            return NetworkReader.Read(network.Description, network.Name);
        }
        catch (FormatException bounded) when (bounded.Message.Contains(" possible", StringComparison.Ordinal))
        {
            return network; // it is larger than an untrusted one may be
        }
    }
}
