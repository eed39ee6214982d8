#:property PublishAot=false
#:property NoWarn=$(NoWarn);CS1591

// The commands of ./dev (Linux, macOS) and dev.cmd (Windows), and what lottery.cmd does before the program starts.
// `dotnet run --file` builds this file once and again when it changes.

using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

const string Usage = """
    ./dev build            build everything; a warning is an error
    ./dev test [FILTER]    build and run the tests: all of them, or for example -namespace 'Lottery.UnitTests.Masks'
    ./dev test --fast      build and run the tests that start no process, browser or server
    ./dev api              list what is public in each library (PublicAPI.Unshipped.txt); other changes of it fail the build
    ./dev census [DIR]     measure the source tree: files, places to edit, public types, refused words
    ./dev bench [ARGS]     measure, next to PyTorch where it is installed, and write bench/results/
    ./dev torture [KILLS]  kill, stop and multiply the processes of real studies, and compare what is left with an undisturbed one
    ./dev scale [ARGS]     make a store of many runs, simulate the scheduling of many, or measure what a run costs
    ./dev fuzz [ARGS]      read damaged files of every format and check how the readers respond
    ./dev ptx              compile the kernels for NVIDIA cards with clang 14: src/Lottery.Cuda/Kernels/*.ptx, which are committed
    ./dev gpu [ARGS]       publish one program for a machine with an NVIDIA card, in artifacts/gpu, and run it: the same bits as on
                           the processor, and times; --emulate runs small networks on the emulator of kernels
    ./dev pack             make the packages of the tool and of the libraries, in artifacts/package/release
    ./dev release [RID]    make self-contained archives for Linux, macOS and Windows, or for one of them, in artifacts/release
    ./dev sample           publish samples/Classify as a native program and print its size
    ./dev docs             check the documents: commands, examples, links, lengths
    ./dev format [--check] format the sources as .editorconfig says; --check only reports differences
    """;
const string SkipList = "tests/allowed-skips.txt";
string[] fastTestProjects = ["Lottery.UnitTests", "Lottery.RepositoryTests"], testProjects = [.. fastTestProjects, "Lottery.SystemTests"];

string root = Path.GetDirectoryName((string)AppContext.GetData("EntryPointFileDirectoryPath")!)!;
string artifacts = Path.Combine(root, "artifacts");
string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
foreach (string setting in (string[])["DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_NOLOGO"]) Environment.SetEnvironmentVariable(setting, "1");

// Ctrl-C reaches child processes by itself: this process waits for them. A request to terminate is passed on.
int signal = 0;
Process? running = null;
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => (context.Cancel, signal) = (true, 130));
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    (context.Cancel, signal) = (true, 143);
    running?.Kill(entireProcessTree: true);
});

string[] rest = args is [_, .. var others] ? others : [];
int exitCode = (args is [var first, ..] ? first : "help") switch
{
    "build" => Build("Lottery.slnx", rest),
    "test" => Test(rest),
    "bench" => BuildAndRun("bench", "Lottery.Bench", rest),
    "torture" => BuildAndRun("tools", "Lottery.Torture", rest),
    "census" => BuildAndRun("tools", "Lottery.Census", rest),
    "scale" => BuildAndRun("tools", "Lottery.Simulation", rest),
    "api" => Api(),
    "ptx" => Packaging("ptx"),
    "gpu" => Gpu(rest),
    "fuzz" => rest is ["coverage", .. var cases] ? FuzzCoverage(cases) : BuildAndRun("fuzz", "Lottery.Fuzz", rest),
    "pack" => Packaging("pack"),
    "release" => Packaging(["release", .. rest]),
    "sample" => Sample(),
    "docs" => Test(["-namespace", "Lottery.RepositoryTests.Documentation", "-namespace", "Lottery.SystemTests.Documentation"]),
    "format" => Run(dotnet, ["format", "Lottery.slnx", .. rest is ["--check", .. var more] ? ["--verify-no-changes", .. more] : rest], root),
    "lottery" => Lottery(rest),
    "help" or "-h" or "--help" => Help(),
    var unknown => Unknown(unknown),
};
return signal != 0 ? signal : exitCode;

int Help()
{
    Console.WriteLine(Usage);
    return 0;
}

int Unknown(string command)
{
    Say(Usage);
    Say($"dev: there is no command '{command}'.");
    return 2;
}

// Builds; prints the output only on failure.
int Build(string project, params string[] options)
{
    using TreeLock held = Lock();
    Say("building …");
    return RunQuietly(Path.Combine(artifacts, "dev.log"), "dev: the build failed.", ["build", project, .. options]);
}

int BuildAndRun(string folder, string project, string[] arguments)
{
    int result = Build($"{folder}/{project}", "-c", "Release");
    return result != 0 ? result : Run(dotnet, [Output(project, "release"), .. arguments], root);
}

// Publishes tools/Lottery.Gpu as one file that needs neither .NET nor a network, and runs it.
int Gpu(string[] arguments)
{
    int result = Packaging("gpu");
    return result != 0 ? result : Run(Path.Combine(artifacts, "gpu", OperatingSystem.IsWindows() ? "lottery-gpu.exe" : "lottery-gpu"), arguments, root);
}

// Runs the tests and ends with one line, 'N passed, N failed'; fails when a test failed or none ran. --fast leaves out
// what starts processes, browsers or servers; --strict also fails for each skipped test that the committed list does not allow.
int Test(string[] arguments)
{
    bool fast = arguments.Contains("--fast"), strict = arguments.Contains("--strict");
    arguments = [.. arguments.Except(["--fast", "--strict"])];
    if ((fast ? Build("tests/Fast.slnf", "-p:RunAnalyzers=false") : Build("Lottery.slnx")) != 0)
    {
        Console.WriteLine("0 passed, 1 failed");
        return 1;
    }
    if (Console.IsOutputRedirected) arguments = [.. arguments, "-noColor"];
    int passed = 0, failed = 0;
    List<string> skipped = [];
    foreach (string project in fast ? fastTestProjects : testProjects)
    {
        string report = Path.Combine(artifacts, $"{project}.ctrf.json");
        File.Delete(report);
        string[] filter = fast && project == "Lottery.RepositoryTests" ? ["-namespace-", "Lottery.RepositoryTests.Launchers"] : [];
        int code = Run(dotnet, [Output(project, "debug"), .. arguments, .. filter, "-result-ctrf", report], root, input: false);
        ILookup<string, string> tests = Tests(report);
        passed += tests["passed"].Count();
        skipped.AddRange(tests["skipped"]);
        // A crash leaves no report, and a broken fixture fails no test: both count as a failure.
        failed += Math.Max(tests["failed"].Count(), code == 0 ? 0 : 1);
    }
    int result = failed == 0 ? 0 : 1;
    if (passed + failed + skipped.Count == 0)
    {
        Say("No test ran: the filter matches none.");
        result = 1;
    }
    string[] refused = strict ? [.. skipped.Except(AllowedSkips(skipped))] : [];
    foreach (string test in refused) Say($"Skipped, though {SkipList} does not allow it here: {test}");
    Console.WriteLine($"{passed} passed, {failed + refused.Length} failed" + (skipped.Count == 0 ? "" : $", {skipped.Count - refused.Length} skipped"));
    return refused.Length == 0 ? result : 1;
}

// The names of the tests in a report, by outcome.
static ILookup<string, string> Tests(string report)
{
    if (!File.Exists(report)) return Array.Empty<string>().ToLookup(name => name);
    using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(report));
    return document.RootElement.GetProperty("results").GetProperty("tests").EnumerateArray()
        .Select(test => (Name: test.GetProperty("name").GetString()!, Outcome: test.GetProperty("status").GetString()!))
        .ToLookup(test => test.Outcome, test => test.Name);
}

// The skipped tests that the committed list allows on this machine.
string[] AllowedSkips(IEnumerable<string> skipped)
{
    string[] holding =
    [
        "always",
        .. OperatingSystem.IsWindows() ? (string[])["windows"] : [],
        .. OperatingSystem.IsLinux() ? (string[])[] : ["not-linux"],
        .. RuntimeInformation.OSArchitecture == Architecture.X64 ? (string[])[] : ["not-x64"],
        .. Environment.IsPrivilegedProcess ? (string[])[] : ["not-root"],
        .. Environment.GetEnvironmentVariable("LOTTERY_DATA") is { Length: > 0 } ? (string[])[] : ["no-data"],
    ];
    string[] allowed =
    [
        .. File.ReadLines(Path.Combine(root, SkipList)).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(fields => fields.Length == 3 && holding.Contains(fields[1])).Select(fields => fields[0]),
    ];
    return [.. skipped.Where(test => allowed.Any(name => test == name || test.StartsWith(name + "(", StringComparison.Ordinal)
        || (name.EndsWith('*') && test.StartsWith(name[..^1], StringComparison.Ordinal))))];
}

// Empties the lists of public members, builds with the analyzer that compares them, and lists what it misses.
int Api()
{
    string[] libraries = ["Lottery.Engine", "Lottery", "Lottery.Formats", "Lottery.Studies", "Lottery.Report"];
    string List(string library, string name) => Path.Combine(root, "src", library, $"PublicAPI.{name}.txt");
    string Log(string library) => Path.Combine(artifacts, $"{library}.sarif");
    foreach (string library in libraries)
        foreach (string name in (string[])["Shipped", "Unshipped"]) File.WriteAllText(List(library, name), "#nullable enable\n");
    int result = Build("src/Lottery.Report", "--no-incremental", "-p:TreatWarningsAsErrors=false",
        $"-p:ApiLogs={artifacts}");
    if (result != 0) return result;
    foreach (string library in libraries)
    {
        using JsonDocument log = JsonDocument.Parse(File.ReadAllText(Log(library)));
        string[] members =
        [
            .. log.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
                .Where(message => message.GetProperty("ruleId").GetString() == "RS0016")
                .Select(message => message.GetProperty("message").GetProperty("text").GetString()!)
                .Select(text => text[(text.IndexOf('\'') + 1)..text.LastIndexOf('\'')]).Distinct().Order(StringComparer.Ordinal),
        ];
        File.WriteAllText(List(library, "Unshipped"), "#nullable enable\n" + string.Concat(members.Select(member => member + "\n")));
        Console.WriteLine($"{library}: {members.Length} public members");
    }
    return 0;
}

int FuzzCoverage(string[] arguments) => Run(dotnet,
    [
        "build", "fuzz/Lottery.Fuzz", "-t:Coverage", "-p:Coverage=true", "-p:RunAnalyzers=false",
        $"-p:ArtifactsPath={Path.Combine(artifacts, "coverage")}", $"-p:FuzzArguments=ticket --patience 30 {string.Join(' ', arguments)}",
        "--nologo", "-v", "m", "-nodeReuse:false",
    ],
    root);

// Makes packages or releases; what they are made from stays as it is until they are done.
int Packaging(params string[] arguments)
{
    const string Project = "Lottery.Packaging";
    using TreeLock held = Lock();
    int result = RunQuietly(Path.Combine(artifacts, "dev.log"), "dev: the build failed.", ["build", $"tools/{Project}", "-c", "Release"]);
    return result != 0 ? result : Run(dotnet, [Output(Project, "release"), .. arguments], root);
}

// Publishes the sample into its own artifacts folder, so that neither build disturbs the other.
int Sample()
{
    string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
    string target = $"{system}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
    const string Folder = "artifacts/sample/native";
    using (Lock())
    {
        Say($"publishing samples/Classify for {target} …");
        int result = RunQuietly(Path.Combine(artifacts, "sample.log"), "dev: the sample could not be published.",
            [
                "publish", "samples/Classify", "-r", target, "-o", Folder, "--artifacts-path", "artifacts/sample",
                "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false",
            ]);
        if (result != 0) return result;
    }
    string program = $"{Folder}/Classify{(OperatingSystem.IsWindows() ? ".exe" : "")}";
    Console.WriteLine($"{program}: {new FileInfo(Path.Combine(root, program)).Length} bytes");
    return 0;
}

// What the shell launcher `lottery` does, for Windows: builds when a source is newer than the last build, then runs the program.
int Lottery(string[] arguments)
{
    string program = Output("Lottery.Cli", "release"), stamp = Path.Combine(artifacts, "lottery.stamp");
    if (!IsUpToDate())
    {
        using TreeLock held = Lock();
        if (!IsUpToDate())
        {
            Say("building lottery …");
            DateTime started = DateTime.UtcNow;
            int result = RunQuietly(Path.Combine(artifacts, "build.log"), "lottery: the build failed.",
                ["build", "src/Lottery.Cli", "-c", "Release", "-p:RunAnalyzers=false", "-p:NuGetAudit=false"]);
            if (result != 0) return result;
            File.WriteAllText(stamp, "");
            File.SetLastWriteTimeUtc(stamp, started);
        }
    }
    return Run(dotnet, [program, .. arguments], Environment.CurrentDirectory);

    // Folders count too: removing or renaming a file changes the time of its folder.
    bool IsUpToDate() => File.Exists(program) && File.Exists(stamp)
        && Directory.EnumerateFileSystemEntries(Path.Combine(root, "src"), "*", SearchOption.AllDirectories)
            .Concat(((string[])["src", "Directory.Build.props", "Directory.Packages.props", "global.json"]).Select(file => Path.Combine(root, file)))
            .All(path => File.GetLastWriteTimeUtc(path) <= File.GetLastWriteTimeUtc(stamp));
}

// Takes the lock of the tree, so that two builds never write the same files. It excludes the launcher `lottery` too,
// which locks by flock or, where there is none (macOS), by a symbolic link to the number of its process.
TreeLock Lock()
{
    string path = Path.Combine(artifacts, "build.lock"), link = path + ".maker";
    try
    {
        Directory.CreateDirectory(artifacts);
        FileStream? file;
        while ((file = TryLock(path)) is null) Wait();
        if (!OperatingSystem.IsMacOS()) return new(file, null);
        while (new FileInfo(link).LinkTarget is { } maker && Process.GetProcesses().Any(process => $"{process.Id}" == maker)) Wait();
        File.Delete(link);
        File.CreateSymbolicLink(link, $"{Environment.ProcessId}");
        return new(file, link);
    }
    catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
    {
        Say($"dev: {artifacts} cannot be written, so nothing can be built there; build in a writable copy.");
        Environment.Exit(1);
        throw;
    }
}

static FileStream? TryLock(string path)
{
    const int WouldBlockOnLinux = 11, WouldBlockOnMac = 35, SharingViolation = unchecked((int)0x80070020);
    try
    {
        return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }
    catch (IOException exception) when (exception.HResult is WouldBlockOnLinux or WouldBlockOnMac or SharingViolation)
    {
        return null;
    }
}

void Wait()
{
    if (signal != 0) Environment.Exit(signal);
    Thread.Sleep(100);
}

string Output(string project, string configuration) => Path.Combine(artifacts, "bin", project, configuration, project + ".dll");

int RunQuietly(string log, string failure, string[] arguments)
{
    var start = new ProcessStartInfo(dotnet, [.. arguments, "--nologo", "-v", "q", "-nodeReuse:false"])
    {
        WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
    };
    using Process process = Start(start);
    process.StandardInput.Close();
    Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
    process.WaitForExit();
    string text = output.Result + error.Result;
    File.WriteAllText(log, text);
    if (process.ExitCode == 0 || signal != 0) return process.ExitCode;
    if (new[] { "NU1100", "NU1101", "NU1300", "NU1301" }.Any(code => text.Contains("error " + code, StringComparison.Ordinal)))
        text = $"The NuGet packages could not be downloaded; connect to the network and try again ({log} has the details).\n";
    Say(text + failure);
    return process.ExitCode;
}

int Run(string program, string[] arguments, string folder, bool input = true)
{
    using Process process = Start(new(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = !input });
    if (!input) process.StandardInput.Close();
    process.WaitForExit();
    return process.ExitCode;
}

Process Start(ProcessStartInfo start)
{
    try
    {
        return running = Process.Start(start)!;
    }
    catch (Win32Exception)
    {
        Say("dev: the .NET SDK 10 or later is needed and no dotnet was found; install it from https://dotnet.microsoft.com/download.");
        Environment.Exit(1);
        throw;
    }
}

static void Say(string text) => Console.Error.WriteLine(text);

/// <summary>Holds the lock of the tree until it is disposed of.</summary>
internal sealed class TreeLock(FileStream file, string? link) : IDisposable
{
    public void Dispose()
    {
        if (link is not null) File.Delete(link);
        file.Dispose();
    }
}
