using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Lottery;
using Lottery.Cuda.Driver;
using Lottery.Cuda.Training;
using Lottery.Gpu;
using Lottery.Gpu.Peers;
using Lottery.Gpu.Studies;
using Lottery.Networks;
using Lottery.TestSupport.Cuda;
using Lottery.Training;

// ./dev gpu makes this program; it runs on a machine with a card, without .NET and without a network. It trains every network of the
// catalogue, and every feature of a training, on the processor and on the card, compares all bits, tells from a part of two studies how long the
// whole ones would take, and times steps, beside PyTorch's where
// there is one.
const string Usage = """
    lottery-gpu [--only TEXT] [--minutes N] [--json FILE] [--device N] [--python PROGRAM] [--emulate] [--golden] [--studies] [--timings] [--kernels]
      --only TEXT    golden runs, studies and timings with TEXT in their name
      --minutes N    begin nothing after N minutes, no golden run after three sevenths and no study after five; 7 if not given
      --json FILE    write the results
      --device N     the card's number; 0 if not given
      --python PROGRAM  a Python with PyTorch for CUDA, which is timed beside Lottery; python3 if not given
      --emulate      the tests' emulator of kernels, which needs the sources and a C++ compiler; small networks, with --only also small
                     forms of the catalogue's
      --golden, --studies, --timings  these alone; on the emulator, timings are made only if they are asked for
      --kernels      each kernel of a step by itself; made only if it is asked for
    """;

string? only = Value("--only"), json = Value("--json");
double minutes = double.Parse(Value("--minutes") ?? "7", CultureInfo.InvariantCulture);
string[] kinds = ["--golden", "--studies", "--timings", "--kernels"];
bool isEmulated = args.Contains("--emulate"), isAll = !args.Any(kinds.Contains);
bool isGolden = isAll || args.Contains("--golden"), isStudied = isAll || args.Contains("--studies"), isTimed = args.Contains("--timings") || (isAll && !isEmulated);
if (args.Contains("--help"))
{
    Console.WriteLine(Usage);
    return 0;
}

var clock = Stopwatch.StartNew();
var results = new JsonObject { ["golden"] = new JsonArray(), ["studies"] = new JsonArray(), ["timings"] = new JsonArray(), ["pytorch"] = new JsonArray(), ["kernels"] = new JsonArray() };
int different = 0, left = 0;
string? onProcessor = null;
List<OwnTiming> own = [];
List<PeerTiming> peers = [];
try
{
    using IDevice device = isEmulated ? new EmulatedDevice() : new CudaDevice(Number());
    string driver = isEmulated ? "" : $", driver for CUDA {CardList.Find().Driver}";
    Console.WriteLine($"{device.Name}: {device.Multiprocessors} multiprocessors, {device.FreeBytes >> 20:N0} MiB free{driver}; processor with {Environment.ProcessorCount} threads");
    (results["card"], results["multiprocessors"], results["driver"]) = (device.Name, device.Multiprocessors, driver.TrimStart(',', ' '));
    using var card = new CudaTrainingDevice(device) { Say = reason => onProcessor = reason };
    if (isEmulated) Console.WriteLine("kernels are compiled when they are first used, once for each content: artifacts/emulator");
    if (isGolden)
        foreach (GoldenCase one in !isEmulated ? GoldenCase.All : only is null ? GoldenCase.Emulated : [.. GoldenCase.Emulated, .. GoldenCase.EmulatedCatalogue])
            Run(one.Name, 3 / 7.0, () => Golden(one, card));
    if (isStudied)
    {
        Card facts = isEmulated ? Emulated(device) : CardList.Find().Cards[Number()];
        foreach (TimedStudy study in isEmulated ? TimedStudy.Emulated : TimedStudy.All) Run(study.Name, 5 / 7.0, () => TimeStudy(study, card, facts));
    }
    if (args.Contains("--kernels"))
        foreach ((string network, int batch, double density, int trainings) in StepTiming.All)
            if (trainings == 1) Run($"{network} {100 * density:0.#} %", 1, () => TimeKernels(network, batch, density, device));
    if (isTimed)
    {
        PeerProgram? python = isEmulated ? null : new(PythonSource(), Value("--python") is { } given ? [given] : PeerProgram.Usual, Number());
        foreach ((string network, int batch, double density, int trainings) in StepTiming.All)
            Run(trainings == 1 ? $"{network} {100 * density:0.#} %" : $"{network} {100 * density:0.#} % × {trainings}", 1, () =>
            {
                // PyTorch may take a minute.
                if (python is not null && clock.Elapsed.TotalMinutes < minutes - 0.5 && peers.All(peer => peer.Network != network)) Peer(network, python);
                Time(network, batch, density, trainings, card);
            });
        if (peers.Count > 0)
            foreach (string line in PeerTable.Lines(own, peers)) Console.WriteLine(line);
    }
}
catch (UserException problem)
{
    Console.Error.WriteLine($"lottery-gpu: {problem.Message}");
    return 1;
}
finally
{
    if (json is not null) File.WriteAllText(json, results.ToJsonString(new() { WriteIndented = true }) + "\n");
}
if (results["golden"]!.AsArray().Count > 0) Console.WriteLine(different == 0 ? "all bits are the same" : $"{different} golden runs differ");
if (left > 0) Console.WriteLine($"{left} were left out after {minutes:0.#} minutes");
return different == 0 ? 0 : 1;

// Runs what is to begin within a part of the time.
void Run(string name, double part, Action run)
{
    if (only is not null && !name.Contains(only, StringComparison.OrdinalIgnoreCase)) return;
    if (clock.Elapsed.TotalMinutes < part * minutes) run();
    else left++;
}

int Number() => int.Parse(Value("--device") ?? "0", CultureInfo.InvariantCulture);

static Card Emulated(IDevice device) => new(0, device.Name, "9.0", device.Multiprocessors, device.TotalBytes, device.FreeBytes, null) { SharedBytes = device.SharedBytes };

void Golden(GoldenCase one, ITrainingDevice card)
{
    Console.Write($"{one.Name,-36} ");
    var watch = Stopwatch.StartNew();
    (string hash, string? difference) = ("", null);
    try
    {
        onProcessor = null;
        (hash, difference) = GoldenRun.Compare(one, CpuDevice.Default, card, Environment.ProcessorCount);
        if (onProcessor is not null) difference = $"ran on the processor: {onProcessor}";
    }
    catch (UserException problem)
    {
        difference = problem.Message;
    }
    if (difference is not null) different++;
    Console.WriteLine($"{hash,-16} {watch.Elapsed.TotalSeconds,6:0.0} s  {difference ?? "same"}");
    results["golden"]!.AsArray().Add(new JsonObject { ["name"] = one.Name, ["hash"] = hash, ["difference"] = difference });
}

static string PythonSource()
{
    using var reader = new StreamReader(typeof(StepTiming).Assembly.GetManifestResourceStream("pytorch_gpu.py")!);
    return reader.ReadToEnd();
}

void Peer(string network, PeerProgram python)
{
    if (python.Refusal is not null) return;
    PeerDocument? document = python.Time(network);
    if (python.Refusal is { } refusal) Console.WriteLine(refusal);
    foreach (PeerTiming peer in document?.Timings ?? [])
    {
        peers.Add(peer);
        string replicates = peer.Replicates == 1 ? "" : $" × {peer.Replicates}";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{network,-16} batch {peer.Batch,3} PyTorch {document!.Torch} {peer.Form}{replicates}: {peer.Milliseconds:0.000} ms a step  {peer.Problem}"));
        results["pytorch"]!.AsArray().Add(new JsonObject
        {
            ["torch"] = document.Torch, ["cuda"] = document.Cuda, ["device"] = document.Device, ["network"] = peer.Network, ["batch"] = peer.Batch,
            ["form"] = peer.Form, ["replicates"] = peer.Replicates, ["milliseconds"] = peer.Milliseconds, ["problem"] = peer.Problem,
        });
    }
}

void TimeStudy(TimedStudy study, CudaTrainingDevice card, Card facts)
{
    StudyTime? time = null;
    string? problem = null;
    onProcessor = null;
    try
    {
        time = StudyTiming.Run(study, card, facts.Multiprocessors);
    }
    catch (UserException fault)
    {
        problem = fault.Message;
    }
    if (onProcessor is not null) problem = $"ran on the processor: {onProcessor}";
    double counted = StudyTiming.Estimate(study, facts).Seconds;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{study.Name}: {study.Runs:N0} runs, {study.Steps:N0} steps, evaluated every {study.Training.Evaluate}"));
    if (time is not null)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  measured: {time.Runs:N0} runs with {time.Steps:N0} steps ({100.0 * time.Steps / study.Steps:0.0} %), their evaluations and tests, up to {time.AtOnce} at once, in {time.Seconds:0.0} s\n"
            + $"  extrapolated: {time.WholeSeconds / 60:0.00} minutes for all steps and evaluations (by counted work, without measuring: {counted / 60:0.00})"));
    if (problem is not null) Console.WriteLine($"  {problem}");
    results["studies"]!.AsArray().Add(new JsonObject
    {
        ["name"] = study.Name, ["runs"] = study.Runs, ["steps"] = study.Steps, ["measured_runs"] = time?.Runs, ["measured_steps"] = time?.Steps,
        ["measured_seconds"] = time?.Seconds, ["at_once"] = time?.AtOnce, ["extrapolated_seconds"] = time?.WholeSeconds, ["counted_seconds"] = counted,
        ["problem"] = problem,
    });
}

void TimeKernels(string network, int batch, double density, IDevice device)
{
    ImmutableArray<KernelTime> kernels = KernelTiming.Of(
        isEmulated ? SmallNetwork.Of(network) : NetworkCatalogue.Get(network), batch, density, device, times: isEmulated ? 1 : 10);
    foreach ((Launch launch, double microseconds) in kernels)
    {
        string grid = $"{launch.GridX} × {launch.GridY} × {launch.GridZ}";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{network,-16} {100 * density,5:0.#} %  {launch.Kernel,-28} {grid,-16} {launch.Threads,4} threads {launch.Shared,7:N0} bytes {microseconds,8:0.0} µs"));
        results["kernels"]!.AsArray().Add(new JsonObject
        {
            ["network"] = network, ["batch"] = batch, ["density"] = density, ["kernel"] = launch.Kernel, ["grid"] = grid, ["threads"] = launch.Threads,
            ["shared"] = launch.Shared, ["microseconds"] = microseconds,
        });
    }
    if (kernels.Length > 0)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{network,-16} {100 * density,5:0.#} %  {kernels.Length} kernels, {kernels.Sum(one => one.Microseconds):N0} µs"));
}

void Time(string network, int batch, double density, int trainings, ITrainingDevice card)
{
    string? problem = null;
    double result = 0;
    Network timed = isEmulated ? SmallNetwork.Of(network) : NetworkCatalogue.Get(network);
    TimeSpan most = TimeSpan.FromSeconds(isEmulated ? 0.2 : 3);
    int atOnce = isEmulated ? 2 : 50;
    if (isEmulated) trainings = Math.Min(trainings, 4);
    try
    {
        onProcessor = null;
        result = trainings == 1
            ? StepTiming.Milliseconds(timed, batch, density, card, most, atOnce)
            : StepTiming.StepsPerSecond(timed, batch, density, trainings, card, most, atOnce);
    }
    catch (UserException fault)
    {
        problem = fault.Message;
    }
    if (onProcessor is not null) problem = $"ran on the processor: {onProcessor}";
    if (problem is null) own.Add(new(network, batch, density, trainings, trainings == 1 ? result : 1e3 * trainings / result));
    (double milliseconds, double perSecond) = trainings == 1 ? (result, 1e3 / result) : (1e3 * trainings / result, result);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{(isEmulated ? "small " : "") + network,-16} batch {batch,3} {100 * density,5:0.#} % × {trainings,3}  {milliseconds,9:0.000} ms a step, {perSecond,11:N0} steps/s  {problem}"));
    results["timings"]!.AsArray().Add(new JsonObject
    {
        ["network"] = network, ["batch"] = batch, ["density"] = density, ["trainings"] = trainings, ["milliseconds"] = milliseconds,
        ["steps_per_second"] = perSecond, ["problem"] = problem,
    });
}

string? Value(string option) => Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
