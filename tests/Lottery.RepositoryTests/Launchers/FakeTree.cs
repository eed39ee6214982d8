using System.Diagnostics;

namespace Lottery.RepositoryTests.Launchers;

/// <summary>
/// A tree with the real launcher and a pretended .NET, which writes down how it was called: what the launcher does can
/// be seen exactly, and in milliseconds.
/// </summary>
internal sealed class FakeTree : IDisposable
{
    private const string Dotnet = """
        #!/bin/sh
        # A pretended dotnet: `build` makes the program, and the program notes its arguments.
        here=${0%/*}/..
        case $1 in
            --list-sdks) echo "${FAKE_SDK-10.0.100 [here]}" ;;
            build)
                echo "$2" >>"$here/builds"
                sleep "${FAKE_BUILD_SECONDS-0}"
                if [ -n "${FAKE_BUILD_ERROR-}" ]; then echo "$FAKE_BUILD_ERROR"; exit 1; fi
                program=$here/artifacts/bin/Lottery.Cli/release
                mkdir -p "$program" && echo built >"$program/Lottery.Cli.dll"
                ;;
            *)
                shift
                echo $$ >"$here/pid"
                if [ "${1-}" = called ]; then echo "$LOTTERY_PROGRAM"; fi
                for argument; do printf '%s\n' "$argument"; done
                if [ "${1-}" = wait ]; then
                    trap 'exit 43' INT
                    trap 'exit 44' TERM
                    echo ready
                    tries=0
                    while [ $tries -lt 400 ]; do sleep 0.05; tries=$((tries + 1)); done
                fi
                exit "${FAKE_EXIT-0}"
                ;;
        esac
        """;

    public FakeTree()
    {
        Root = Directory.CreateTempSubdirectory("lottery launcher ").FullName;
        foreach (string file in (string[])["lottery", "scripts/setup.sh", "Directory.Build.props", "Directory.Packages.props", "global.json"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            File.Copy(Repository.At(file), At(file));
        }
        Write("src/Lottery.Cli/Program.cs", "return 0;");
        WriteTool("dotnet", Dotnet);
        string setup = File.ReadAllText(At("scripts/setup.sh"));
        Write("scripts/setup.sh", setup.Replace("/usr/share/datasets/", $"\"{Root}\"/datasets/", StringComparison.Ordinal)
            .Replace("/etc/debian_version", $"\"{Root}\"/debian_version", StringComparison.Ordinal));
    }

    /// <summary>The tree's folder; its name has spaces.</summary>
    public string Root { get; }

    /// <summary>Environment variables for the launcher; null takes one away.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>How often something was built.</summary>
    public int Builds => File.Exists(At("builds")) ? File.ReadLines(At("builds")).Count() : 0;

    public string At(string path) => Path.Combine(Root, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text.ReplaceLineEndings("\n"));
    }

    /// <summary>Puts a command before the system's own.</summary>
    public void WriteTool(string name, string script)
    {
        Write("tools/" + name, script);
        File.SetUnixFileMode(At("tools/" + name), (UnixFileMode)0b111_101_101);
    }

    /// <summary>A command that is nowhere to be found: the path holds the needed ones alone.</summary>
    public void HideTool(string hidden)
    {
        foreach (string tool in (string[])["sh", "find", "ln", "readlink", "cat", "grep", "mkdir", "mv", "rm", "sleep", "flock", "id"])
        {
            string? place = System.Environment.GetEnvironmentVariable("PATH")!.Split(':')
                .Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);
            if (tool != hidden && place is not null) File.CreateSymbolicLink(At("tools/" + tool), place);
        }
        File.Delete(At("tools/" + hidden));
        Environment["PATH"] = At("tools");
    }

    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["PATH"] = At("tools") + ":" + start.Environment["PATH"];
        start.Environment["HOME"] = start.Environment["XDG_CACHE_HOME"] = At("home");
        foreach (string name in (string[])["LOTTERY_DATA", "DOTNET_ROOT"]) start.Environment.Remove(name);
        foreach ((string name, string? value) in Environment)
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs <paramref name="program"/> to its end.</summary>
    public async Task<Outcome> Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    public Task<Outcome> Launch(params string[] arguments) => Run(At("lottery"), arguments);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    internal sealed record Outcome(int ExitCode, string Output, string Error);
}
