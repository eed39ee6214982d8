using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Lottery.RepositoryTests.Launchers;

/// <summary>What lottery.cmd does on Windows: scripts/dev.cs builds when it must, once, and then runs the program.</summary>
public sealed class DevLauncherTests(DevLauncherTests.DevProgram dev) : IClassFixture<DevLauncherTests.DevProgram>, IDisposable
{
    private readonly FakeTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Builds_once_and_forwards_arguments_and_exit_code()
    {
        _tree.Environment["FAKE_EXIT"] = "42";
        string[] arguments = ["find", "", "two words", "*", "--criterion", "abs(wf) - 0.5*abs(wi)", "a\\nb", "$HOME", "-n"];
        FakeTree.Outcome first = await Launch(arguments), second = await Launch(arguments);
        Assert.Equal((42, "building lottery …\n"), (first.ExitCode, first.Error));
        Assert.Equal((42, ""), (second.ExitCode, second.Error));
        Assert.Equal(arguments, second.Output.Split('\n')[..^1]);
        Assert.Equal(1, _tree.Builds);
    }

    [Theory]
    [InlineData("src/Lottery/New/File.cs")]
    [InlineData("Directory.Packages.props")]
    public async Task Builds_again_when_a_source_changes(string file)
    {
        await Launch("doctor");
        _tree.Write(file, "changed");
        await Launch("doctor");
        await Launch("doctor");
        Assert.Equal(2, _tree.Builds);
    }

    [Fact]
    public async Task Waits_for_the_build_of_the_shell_launcher()
    {
        _tree.Environment["FAKE_BUILD_SECONDS"] = "0.5";
        FakeTree.Outcome[] outcomes = await Task.WhenAll(_tree.Launch("shell"), Launch("dev"));
        Assert.Equal(["shell\n", "dev\n"], outcomes.Select(outcome => outcome.Output));
        Assert.Equal(1, _tree.Builds);
    }

    [Fact]
    public async Task Without_network_one_sentence_says_so()
    {
        _tree.Environment["FAKE_BUILD_ERROR"] = "x.csproj : error NU1301: Unable to load the service index for source";
        FakeTree.Outcome outcome = await Launch("doctor");
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("NuGet", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("NU1301", outcome.Error, StringComparison.Ordinal);
    }

    private Task<FakeTree.Outcome> Launch(params string[] arguments)
    {
        _tree.Environment["DOTNET_HOST_PATH"] = _tree.At("tools/dotnet");
        return _tree.Run(DevProgram.Dotnet, ["exec", "--runtimeconfig", dev.ConfigFor(_tree), dev.Assembly, "lottery", .. arguments]);
    }

    /// <summary>scripts/dev.cs, built once for all tests.</summary>
    public sealed class DevProgram : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("lottery dev ").FullName;

        public DevProgram()
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "The program that stands in for dotnet is a shell script.");
            using Process build = Process.Start(new ProcessStartInfo(
                Dotnet, ["build", Repository.At("scripts/dev.cs"), "-o", _folder, "--nologo", "-v", "q"])
            {
                RedirectStandardOutput = true, WorkingDirectory = Repository.Root, Environment = { ["MSBUILDDISABLENODEREUSE"] = "1" },
            })!;
            string output = build.StandardOutput.ReadToEnd();
            build.WaitForExit();
            Assert.True(build.ExitCode == 0, output);
        }

        /// <summary>The dotnet that runs the tests.</summary>
        public static string Dotnet =>
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

        public string Assembly => Path.Combine(_folder, "dev.dll");

        /// <summary>A runtime configuration under which the program takes a tree for its own.</summary>
        internal string ConfigFor(FakeTree tree)
        {
            JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "dev.runtimeconfig.json")))!;
            json["runtimeOptions"]!["configProperties"]!["EntryPointFileDirectoryPath"] = tree.At("scripts");
            string config = tree.At("dev.runtimeconfig.json");
            File.WriteAllText(config, json.ToJsonString());
            return config;
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
