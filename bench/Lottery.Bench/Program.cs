using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lottery;
using Lottery.Bench;
using Lottery.Bench.Measurements;
using Lottery.Bench.Peers;
using Lottery.Bench.Results;
using Lottery.Bench.Timing;
using Lottery.Data;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Request.Help);
    return 0;
}
if (args is ["memory-of-steps"])
{
    Console.WriteLine(ImageMeasurement.MemoryOfSteps());
    return 0;
}
try
{
    if (args is ["supermasks"])
    {
        SupermaskMeasurement.Run(Dataset.Load("mnist"), PyTorch.Find(out _), rounds: 15);
        return 0;
    }
    if (args is ["sample"])
    {
        foreach (string line in SampleMeasurement.Run(Dataset.Load("mnist"))) Console.WriteLine(line);
        return 0;
    }
    if (args is ["compact", .. { Length: > 0 } tickets])
    {
        foreach (string line in CompactMeasurement.Run(tickets)) Console.WriteLine(line);
        return 0;
    }
    if (args is ["predictors"])
    {
        foreach (string line in Document.Predictors(PredictorMeasurement.Run(rounds: 25))) Console.WriteLine(line);
        return 0;
    }
    if (args is ["dashboard"])
    {
        DashboardMeasurement.Run(10_000);
        return 0;
    }
    if (args is ["memory"])
    {
        (double ours, double? theirs) = ImageMeasurement.Memory(PyTorch.Find(out _));
        Console.WriteLine(FormattableString.Invariant($"| most memory of a dense Conv-6 step | {ours / 1e6:0} MB | PyTorch {theirs / 1e6:0} MB |"));
        return 0;
    }
    if (args is ["estimates", .. var networks])
    {
        foreach (string line in EstimateMeasurement.Run([.. networks])) Console.WriteLine(line);
        return 0;
    }
    if (args is ["times", .. var named])
    {
        foreach (string line in TimeMeasurement.Run([.. named], seconds: 12)) Console.WriteLine(line);
        return 0;
    }
    if (args is ["densities", .. var asked])
    {
        Densities([.. asked]);
        return 0;
    }
    if (args is ["report"])
    {
        ReportMeasurement.Run(Dataset.Load("mnist"));
        return 0;
    }
    Measure(Request.Of(args));
    return 0;
}
catch (UserException wrong)
{
    Console.Error.WriteLine($"bench: {wrong.Message}");
    return wrong is WorkFailedException ? 1 : 2;
}

static void Measure(Request request)
{
    var mnist = Dataset.Load("mnist");
    var pyTorch = PyTorch.Find(out string missing);
    if (pyTorch is null) Console.Error.WriteLine(missing);
    int searchSteps = request.Quick ? 300 : 2 * RealSearch.StepsInEpoch;

    if (request.Measures(Request.Studies))
    {
        Tell("studies");
        foreach (string line in StudyMeasurement.Run(mnist, rounds: request.Quick ? 3 : 5)) Console.WriteLine(line);
        if (request.Parts is [Request.Studies]) return;
    }
    Tell("peak");
    var results = new BenchResults
    {
        Machine = Machine.Here, Peer = pyTorch?.Found.ToString() ?? missing, SearchSteps = searchSteps, Peak = MultiplyAddPeak.Measure(),
    };
    if (request.Measures("steps") || request.Measures("kernels") || request.Measures("prediction") || request.Measures("tickets"))
    {
        Tell("a search for masks");
        var search = RealSearch.Run(mnist, searchSteps);
        if (request.Measures("steps"))
        {
            Tell("steps");
            ImmutableArray<StepRow> steps = StepMeasurement.Run(search, pyTorch, rounds: request.Quick ? 5 : 15);
            results = results with { Steps = steps, Peak = Math.Max(results.Peak, MultiplyAddPeak.Measure()) };
        }
        if (request.Measures("kernels"))
        {
            Tell("kernels");
            results = results with { Kernels = KernelMeasurement.Run(search, secondsInRound: request.Quick ? 0.002 : 0.01) };
        }
        if (request.Measures("prediction"))
        {
            Tell("prediction");
            results = results with
            {
                Predictions = PredictionMeasurement.Run(search, rounds: request.Quick ? 15 : 45),
                Predictors = PredictorMeasurement.Run(rounds: request.Quick ? 5 : 15),
            };
        }
        if (request.Measures("tickets"))
        {
            Tell("tickets");
            results = results with { Tickets = TicketMeasurement.Run(search, rounds: request.Quick ? 3 : 9) };
        }
    }
    if (request.Measures("convolutions"))
    {
        Tell("convolutions");
        results = results with { Convolutions = ConvolutionMeasurement.Run(secondsInRound: request.Quick ? 0.002 : 0.01) };
    }
    if (request.Measures("replicates"))
    {
        Tell("replicates");
        results = results with { Replicates = ReplicateMeasurement.Run(mnist, request.Quick ? 200 : 458, rounds: request.Quick ? 3 : 5) };
    }
    if (request.Measures("search"))
    {
        Tell("a whole search");
        results = results with { Search = SearchMeasurement.Run(pyTorch) };
    }
    if (request.Measures("images"))
    {
        Tell("images");
        int rounds = request.Quick ? 5 : 9;
        (double ours, double? theirs) = ImageMeasurement.Memory(pyTorch);
        results = results with
        {
            Images = [.. ImageMeasurement.Steps(pyTorch, 1, rounds), .. ImageMeasurement.Steps(pyTorch, 2, rounds)],
            ImageSearch = ImageMeasurement.Search(pyTorch, 1, rounds), Memory = ours, PyTorchMemory = theirs,
        };
    }
    Console.WriteLine(Document.Of(results));
    if (request.IsComplete) Write(results);
}

static void Densities(ImmutableArray<string> asked)
{
    ImmutableArray<string> known = DensityMeasurement.Networks;
    if (asked.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        throw new UserException($"Steps of '{unknown}' are not measured at many densities{Suggestion.Ending(unknown, [.. known])}");
    Tell("peaks");
    var rates = MachineRates.Measure();
    Console.WriteLine(DensityDocument.Of(rates));
    var measured = new List<ImmutableArray<DensityRow>>();
    foreach (string network in asked.IsEmpty ? known : asked)
    {
        Tell(network);
        measured.Add(DensityMeasurement.Run(network, rates, rounds: network.StartsWith("conv", StringComparison.Ordinal) ? 7 : 31));
        Console.WriteLine($"\n{network}\n");
        foreach (string line in DensityDocument.Table(measured[^1])) Console.WriteLine(line);
    }
    if (!asked.IsEmpty) return;
    string chart = Repository.At("bench", "results", "densities.svg");
    File.WriteAllText(chart, DensityDocument.Draw(measured));
    Console.Error.WriteLine("written: bench/results/densities.svg");
}

static void Tell(string part) => Console.Error.WriteLine($"measuring {part} …");

static void Write(BenchResults results)
{
    string folder = Repository.At("bench", "results"), name = Path.Combine(folder, results.Machine.Slug);
    var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    Directory.CreateDirectory(folder);
    File.WriteAllText(name + ".md", Document.Of(results));
    File.WriteAllText(name + ".json", JsonSerializer.Serialize(results, options) + "\n");
    Console.Error.WriteLine($"written: bench/results/{results.Machine.Slug}.md and .json");
}
