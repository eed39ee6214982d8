using System.Text.Json.Nodes;
using Lottery.Data;
using Lottery.Formats.Tensors;
using Lottery.Networks;
using Lottery.Studies.Store;
using Lottery.Tickets;

namespace Lottery.SystemTests.Cli;

/// <summary>From a run to a file and back again.</summary>
public sealed class TicketCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _ids;
    private readonly RunStore _store;

    public TicketCommandTests()
    {
        TinyImages.Write(_folder["tiny"]);
        _ids = Search("--levels 2 --steps 60");
        _store = new(_folder["store"]);
    }

    public void Dispose() => _folder.Dispose();

    private string TicketPath => _folder["a.ticket"];

    [Fact]
    public void A_recipe_has_the_runs_own_first_weights_to_the_bit()
    {
        JsonNode packed = Pack(_ids[2]).Json;
        var ticket = Ticket.Load(TicketPath);
        Assert.Equal((TicketKind.Recipe, _ids[2][..Provenance.Digits]), (ticket.Kind, ticket.Provenance.Run));
        Assert.Equal(_store.Load(_ids[2]).Initial.Sha256, ticket.Weights.Sha256);
        Assert.Equal(_store.Load(_ids[2]).Mask, ticket.Mask);
        Assert.Equal(new FileInfo(TicketPath).Length, (long)packed["bytes"]!);
        Assert.Equal(4 * (184 + 11), (int)packed["dense_bytes"]!);
        Assert.Equal(200, (int)packed["accuracy"]!["of"]!);
        Assert.Equal(Accuracy(_ids[2]), (double)packed["trained_accuracy"]!["mean"]!, 1e-9);
    }

    [Theory]
    [InlineData("", "best")]
    [InlineData("--weights final", "final")]
    public void A_trained_ticket_reaches_what_the_run_did(string options, string weights)
    {
        JsonNode packed = Pack(_ids[2], $"--kind trained {options}").Json;
        Assert.Equal(Accuracy(_ids[2], weights == "best" ? "accuracy" : "final_accuracy"), (double)packed["accuracy"]!["mean"]!, 1e-9);
        Assert.Equal((double)packed["trained_accuracy"]!["mean"]!, (double)packed["accuracy"]!["mean"]!);
        Weights expected = weights == "best" ? _store.Load(_ids[2]).Best : _store.Load(_ids[2]).Final;
        Assert.Equal(expected.Sha256, Ticket.Load(TicketPath).Weights.Sha256);
    }

    [Theory]
    [InlineData("--kind trained --values f16")]
    [InlineData("--kind trained --values i8")]
    [InlineData("--kind signed")]
    public void What_is_rounded_is_measured_as_it_is_packed(string options)
    {
        CommandLineRun run = Pack(_ids[2], options, json: false);
        Assert.Matches(@"(?m)^accuracy +\d+\.\d\d % \[\d+\.\d\d \d+\.\d\d\], \d+ of 200 test images$", run.Output);
        Assert.Matches(@"(?m)^trained +the run's \d+\.\d\d %, (unchanged by packing|(reduced|raised) by packing by \d+\.\d\d points)$", run.Output);
        Assert.Equal(0, Command("verify", TicketPath, "--data", _folder["tiny"]).ExitCode);
        Assert.Equal((double)Command("eval", TicketPath, "--data", _folder["tiny"], "--json").Json["accuracy"]!["mean"]!,
            Ticket.Load(TicketPath).Provenance.Accuracy!.Value.Value);
    }

    [Fact]
    public void The_file_is_named_after_network_and_run()
    {
        string before = Directory.GetCurrentDirectory();
        CommandLineRun run = Command("pack", _ids[1], "--data", _folder["tiny"], "--store", _folder["store"], "--json");
        string file = Path.Combine(before, $"mlp-20-8-3-{_ids[1][..10]}.ticket");
        try
        {
            Assert.Equal(Path.GetFileName(file), (string)run.Json["file"]!);
            Assert.True(File.Exists(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_no_seed_gives_is_no_recipe()
    {
        string late = Search("--levels 1 --steps 60 --rewind-to 10")[1], looked = Search("--levels 1 --steps 60 --mask0 zero-if-decreased")[1];
        Assert.Equal(0, CommandLineRun.Of("runs", "export", _ids[0], "--to", _folder["out"], "--store", _folder["store"]).ExitCode);
        string given = Search($"--levels 0 --final {_folder["out/final.safetensors"]}")[0];
        foreach ((string id, string reason) in ((string, string)[])[(late, "they are those of step 10"), (looked, "the mask-0 action zero-if-decreased uses trained ones"), (given, "they come from a file or a ticket")])
        {
            CommandLineRun run = Pack(id, "--force");
            Assert.Equal((2, $"Run {id[..10]} is no recipe, since its first weights do not follow from its seed ({reason}): add --kind trained."), (run.ExitCode, run.Refusal));
            Assert.Equal(0, Pack(id, "--kind trained --force").ExitCode);
        }
        Assert.Matches("holds pruned weights at other values than 0, of which signs say nothing: add --kind trained", Pack(looked, "--kind signed --force").Error);
    }

    [Fact]
    public void Verify_measures_again_and_fails_where_the_figure_differs()
    {
        Pack(_ids[2], "--kind trained");
        CommandLineRun whole = Command("verify", TicketPath, "--data", _folder["tiny"]);
        Assert.Matches("^[^\n]* is intact: its checksum is right.\nIts recorded accuracy was reproduced: [^\n]*, 1?\\d\\d of 200 test images of tiny.\n$", whole.Output);
        CommandLineRun elsewhere = Command("verify", TicketPath);
        Assert.Equal(0, elsewhere.ExitCode);
        Assert.Contains("was not checked: tiny was not found; name it with --data.", elsewhere.Output, StringComparison.Ordinal);
        var ticket = Ticket.Load(TicketPath);
        (ticket with { Provenance = ticket.Provenance with { Accuracy = new(1, 200) } }).Save(TicketPath);
        CommandLineRun wrong = Command("verify", TicketPath, "--data", _folder["tiny"]);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Matches("^lottery: [^\n]* records 0.50 % \\[[^\n]*\\], 1 of 200 test images, but its accuracy is [^\n]*: it is not the ticket that was measured.\n$", wrong.Error);
    }

    [Fact]
    public void Every_command_verifies_the_checksum_first()
    {
        Pack(_ids[2]);
        byte[] bytes = File.ReadAllBytes(TicketPath);
        bytes[^40] ^= 1;
        File.WriteAllBytes(TicketPath, bytes);
        foreach (string line in (string[])["inspect", "verify", "eval --data mnist", "predict none.png", $"unpack --to {_folder["x"]}", $"export --to npz -o {_folder["x"]}"])
        {
            string[] words = line.Split(' ');
            CommandLineRun run = Command([words[0], TicketPath, .. words[1..]]);
            Assert.Equal((2, $"lottery: {TicketPath}: This is not a readable ticket: its checksum does not match its content.\n"), (run.ExitCode, run.Error));
        }
        CommandLineRun find = CommandLineRun.Of("find", "--from", TicketPath, "--data", _folder["tiny"], "--levels", "0", "--steps", "1");
        Assert.Equal(2, find.ExitCode);
    }

    [Fact]
    public void Inspect_shows_layers_and_bytes()
    {
        Pack(_ids[2]);
        JsonNode json = Command("inspect", TicketPath, "--json").Json;
        Assert.Equal(["fc1.weight", "output.weight"], json["layers"]!.AsArray().Select(layer => (string)layer!["name"]!));
        Assert.Equal(103, (int)json["layers"]![0]!["kept"]!);
        Assert.Equal((0, 2, "rewind", "zero"), ((int)json["recipe"]!["seed"]!, (int)json["recipe"]!["level"]!, (string)json["recipe"]!["mask1"]!, (string)json["recipe"]!["mask0"]!));
        Assert.Equal(new FileInfo(TicketPath).Length, (long)json["bytes"]!);
        string text = Command("inspect", TicketPath).Output;
        Assert.Matches(@"(?m)^kind +recipe$", text);
        Assert.Matches(@"(?m)^fc1.weight +8×20 +160 +103 +64\.\d %$", text);
    }

    [Fact]
    public void Unpack_writes_what_a_search_begins_with()
    {
        Pack(_ids[2], "--kind trained");
        CommandLineRun run = Command("unpack", TicketPath, "--to", _folder["out"], "--json");
        Assert.Equal([_folder["out/weights.safetensors"], _folder["out/mask.safetensors"]], run.Json["files"]!.AsArray().Select(file => (string)file!));
        Assert.Equal(_store.Load(_ids[2]).Best.Sha256, NetworkWeights.Read(_folder["out/weights.safetensors"], _store.Load(_ids[2]).Mask.Network).Weights.Sha256);
        Assert.Equal(_store.Load(_ids[2]).Mask, NetworkMask.Read(_folder["out/mask.safetensors"], _store.Load(_ids[2]).Mask.Network).Mask);
        Assert.Contains("exists already; name another path with --to", Command("unpack", TicketPath, "--to", _folder["out"]).Error, StringComparison.Ordinal);
        Assert.Equal(0, Command("unpack", TicketPath, "--to", _folder["one.safetensors"]).ExitCode);
        Assert.Equal($"lottery: {TicketPath} is a file, and several files are to be written: name a folder with --to.\n", Command("unpack", TicketPath, "--to", TicketPath).Error);
        string[] byFiles = Search($"--levels 1 --steps 20 --mask {_folder["out/mask.safetensors"]} --initial {_folder["one.safetensors"]}");
        Assert.Equal(byFiles, Search($"--from {TicketPath} --levels 1 --steps 20"));
    }

    [Theory]
    [InlineData("onnx")]
    [InlineData("safetensors")]
    [InlineData("npz")]
    public void Tickets_and_runs_are_exported_alike(string format)
    {
        Pack(_ids[2], "--kind trained");
        Assert.Equal(0, Command("export", TicketPath, "--to", format, "-o", _folder["a"]).ExitCode);
        Assert.Equal(format, (string)Command("export", _ids[2], "--to", format, "-o", _folder["b"], "--store", _folder["store"], "--json").Json["format"]!);
        Assert.Equal(File.ReadAllBytes(_folder["a"]), File.ReadAllBytes(_folder["b"]));
        Assert.Equal(2, Command("export", TicketPath, "--to", format, "-o", _folder["a"]).ExitCode);
        Assert.Equal(0, Command("export", TicketPath, "--to", format, "-o", _folder["a"], "--force").ExitCode);
    }

    [Fact]
    public void A_search_goes_on_from_a_recipe_with_every_control()
    {
        Pack(_ids[2]);
        string[] ids = Search($"--from {TicketPath} --levels 1 --steps 20 --controls reinit,random-mask --seed 7");
        Assert.Equal(6, ids.Length);
        Assert.Equal(_store.Load(_ids[2]).Initial.Sha256, _store.Load(ids[0]).Initial.Sha256);
        Assert.Equal((7ul, _store.Load(_ids[2]).Mask), (_store.Summary(ids[0]).Seed, _store.Load(ids[0]).Mask));
        Weights drawn = InitialWeights.Sample(_store.Load(ids[0]).Mask.Network, 0), random = _store.Load(ids[2]).Initial;
        for (int i = 0; i < drawn[0].Length; i++) Assert.Equal(_store.Load(ids[2]).Mask[0]![i] ? drawn[0][i] : 0, random[0][i]);
        Assert.Equal(0, CommandLineRun.Of("runs", "verify", "--store", _folder["store"]).ExitCode);
        Assert.Equal(ids, Search($"--from {TicketPath} --levels 1 --steps 20 --controls reinit,random-mask --seed 7"));
    }

    [Fact]
    public void A_study_goes_on_from_a_ticket()
    {
        Pack(_ids[2], "--kind trained");
        File.WriteAllText(_folder["study.yaml"], $$"""
            study: on
            network: mlp:20-8-3
            data: { set: "{{_folder["tiny"]}}", validation: 100 }
            train: { steps: 20, batch: 20, evaluate: { every: 20 } }
            prune: { levels: 1 }
            start: a.ticket
            replicates: 1
            """);
        CommandLineRun run = CommandLineRun.Of("study", "run", _folder["study.yaml"], "--store", _folder["store"], "--json");
        Assert.Equal(Search($"--from {TicketPath} --levels 1 --steps 20"), Ids(run));
        CommandLineRun other = CommandLineRun.Of("study", "plan", _folder["study.yaml"], "--set", "network=mlp:20-9-3", "--store", _folder["store"]);
        Assert.Equal($"lottery: {_folder["study.yaml"]}:6:8: {TicketPath} is a ticket of mlp:20-8-3, and the network is mlp:20-9-3; leave the network out.\n", other.Error);
    }

    [Fact]
    public void Tickets_are_an_axis_of_a_study()
    {
        Pack(_ids[2], "--kind trained");
        Assert.Equal(0, CommandLineRun.Of("ticket", "pack", _ids[1], "-o", _folder["b.ticket"], "--data", _folder["tiny"], "--store", _folder["store"]).ExitCode);
        File.WriteAllText(_folder["study.yaml"], $$"""
            study: two
            network: mlp:20-8-3
            data: { set: "{{_folder["tiny"]}}", validation: 100 }
            train: { steps: 20, batch: 20, evaluate: { every: 20 } }
            prune: { levels: 0 }
            matrix: { start: [a.ticket, b.ticket] }
            replicates: 2
            """);
        CommandLineRun run = CommandLineRun.Of("study", "run", _folder["study.yaml"], "--store", _folder["store"], "--json");
        Assert.Equal(2, run.Json["sections"]![0]!["cells"]!.AsArray().Select(cell => (string)cell!["initial_mask"]!).Distinct().Count());
    }

    [Fact]
    public void A_report_tells_the_command_that_goes_on_from_it()
    {
        Pack(_ids[2]);
        string[] ids = Search($"--from {TicketPath} --levels 1 --steps 20 --controls random-mask --seed 7");
        Assert.Equal(0, CommandLineRun.Of(["report", .. ids, "-o", _folder["report.md"], "--format", "md", "--store", _folder["store"]]).ExitCode);
        string command = File.ReadLines(_folder["report.md"]).First(line => line.Contains("lottery find", StringComparison.Ordinal)).Trim(' ', '`', '-')
            .Replace("lottery ", "", StringComparison.Ordinal).Replace("FILE", TicketPath, StringComparison.Ordinal).Replace("FOLDER", _folder["tiny"], StringComparison.Ordinal);
        Assert.StartsWith($"find --from {TicketPath} --data ", command, StringComparison.Ordinal);
        Assert.Contains("4 of 4 runs are there already.", CommandLineRun.OfLine($"{command} --store {_folder["store"]}").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Clothes_are_called_by_their_names()
    {
        Assert.SkipWhen(DatasetLocator.FromEnvironment().Find(KnownSet.FashionMnist) is null, "Fashion-MNIST is not here.");
        CommandLineRun find = CommandLineRun.OfLine($"find --network mlp:784-16-10 --data fashion-mnist --levels 1 --steps 20 --store {_folder["store"]} --json");
        Assert.Equal(0, CommandLineRun.OfLine($"ticket pack {Ids(find)[1]} --kind trained -o {TicketPath} --store {_folder["store"]}").ExitCode);
        Assert.Contains(", Sneaker, Bag, Ankle boot\n", Command("inspect", TicketPath).Output, StringComparison.Ordinal);
        CommandLineRun verified = Command("verify", TicketPath);
        Assert.Equal(0, verified.ExitCode);
        Assert.Contains(" of 10,000 test images of fashion-mnist.", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ticket_that_holds_pruned_weights_needs_a_word()
    {
        string held = Search("--levels 1 --steps 60 --mask0 initial")[1];
        Pack(held);
        CommandLineRun silent = CommandLineRun.OfLine($"find --from {TicketPath} --data {_folder["tiny"]} --validation 100 --levels 0 --steps 5");
        Assert.Contains("has pruned weights with other values than 0; set mask0", silent.Error, StringComparison.Ordinal);
        string[] ids = Search($"--from {TicketPath} --levels 0 --steps 5 --mask0 initial");
        Assert.Equal(_store.Load(held).Initial.Sha256, _store.Load(ids[0]).Initial.Sha256);
    }

    [Fact]
    public void Weights_from_elsewhere_are_packed_without_a_run()
    {
        Assert.Equal(0, CommandLineRun.Of("runs", "export", _ids[2], "--to", _folder["out"], "--store", _folder["store"]).ExitCode);
        string[] files = ["--network", "mlp:20-8-3", "--final", _folder["out/final.safetensors"], "--data", _folder["tiny"], "-o", TicketPath, "--json"];
        Assert.Equal(Accuracy(_ids[2], "final_accuracy"), (double)Command(["pack", .. files]).Json["accuracy"]!["mean"]!, 1e-9);
        // The weights that are not 0 are the mask.
        Assert.Equal(_store.Load(_ids[2]).Mask, Ticket.Load(TicketPath).Mask);
        Assert.Equal(0, Command(["pack", .. files, "--mask", _folder["out/mask.safetensors"], "--force"]).ExitCode);
        Assert.Contains("final.safetensors is no recipe, since no seed gives its weights: add --kind trained.", Command(["pack", .. files, "--kind", "recipe", "--force"]).Error, StringComparison.Ordinal);
        Assert.Contains("add --network and --data", Command("pack", "--final", _folder["out/final.safetensors"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_learned_supermask_is_packed_as_it_is_evaluated()
    {
        foreach (string options in (string[])["initial", "signed-constant --rescale"])
        {
            string id = Search($"--supermask {options} --steps 60")[0];
            JsonNode packed = Pack(id, "--force").Json;
            Assert.Equal(_store.Summary(id).Metrics.Thresholded!.Accuracy, (double)packed["accuracy"]!["mean"]!, 1e-9);
            Assert.Null(packed["trained_accuracy"]);
            JsonNode trained = Pack(id, "--kind trained --force").Json;
            Assert.Equal((double)packed["accuracy"]!["mean"]!, (double)trained["accuracy"]!["mean"]!);
        }
    }

    [Theory]
    [InlineData("pack", "RUN is missing; see `lottery ticket pack --help`.")]
    [InlineData("pack RUN --final x.safetensors", "A run and --final are both given; give one of them.")]
    [InlineData("pack RUN --kind recipe --values i8", "--values is for trained tickets, and this one is recipe: add --kind trained.")]
    [InlineData("pack RUN --kind trainde", "--kind cannot be 'trainde'; did you mean 'trained'?")]
    [InlineData("pack RUN --network lenet-300-100", "--network is for --final, and a run has its own: leave it out.")]
    [InlineData("pack RUN", "Run ID was trained on tiny, whose folder is not recorded: name it with --data.")]
    [InlineData("pack RUN --data fashion-mnist", "fashion-mnist is not the data that the run was trained on (tiny, SHA-256 DIGITS…): name those with --data.")]
    [InlineData("inspect nothing.ticket", "nothing.ticket cannot be read: there is no such file.")]
    public void What_is_wrong_is_told(string line, string sentence)
    {
        Assert.SkipWhen(line.Contains("fashion-mnist", StringComparison.Ordinal) && DatasetLocator.FromEnvironment().Find(KnownSet.Find("fashion-mnist")!) is null, "Fashion-MNIST is not here.");
        CommandLineRun run = CommandLineRun.OfLine($"ticket {line.Replace("RUN", _ids[2], StringComparison.Ordinal)} {(line.StartsWith("pack", StringComparison.Ordinal) ? $"--store {_folder["store"]}" : "")}");
        string sha = _store.Summary(_ids[2]).Specification.Data.Sha256[..10];
        string expected = sentence.Replace("ID", _ids[2][..10], StringComparison.Ordinal).Replace("DIGITS", sha, StringComparison.Ordinal)
            .Replace("PATH", Path.GetFullPath("nothing.ticket"), StringComparison.Ordinal);
        Assert.Equal((2, "", $"lottery: {expected}\n"), (run.ExitCode, run.Output, run.Error));
    }

    private CommandLineRun Pack(string run, string options = "", bool json = true) => CommandLineRun.OfLine(
        $"ticket pack {run} {options} -o {TicketPath} --data {_folder["tiny"]} --store {_folder["store"]} {(json ? "--json" : "")}");

    private static CommandLineRun Command(params string[] arguments) => CommandLineRun.Of(["ticket", .. arguments]);

    private double Accuracy(string id, string which = "accuracy") =>
        (double)CommandLineRun.Of("runs", "list", "--json", "--store", _folder["store"]).Json.AsArray().Single(run => (string)run!["id"]! == id)![which]!;

    private string[] Search(string options) => Ids(CommandLineRun.OfLine(
        $"find {(options.Contains("--from", StringComparison.Ordinal) ? "" : "--network mlp:20-8-3")} {options} --data {_folder["tiny"]} --validation 100 --batch 20 --evaluate 20 --store {_folder["store"]} --json"));

    private static string[] Ids(CommandLineRun run) => [.. (run.Json["sections"]?[0] ?? run.Json)["runs"]!.AsArray().Select(id => (string)id!)];
}
