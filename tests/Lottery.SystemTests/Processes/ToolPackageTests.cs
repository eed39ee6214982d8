using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Lottery.SystemTests.Cli;

namespace Lottery.SystemTests.Processes;

/// <summary>
/// The packages of the tool say what they are, and install: a small one that names those of the systems, and this system's.
/// </summary>
public sealed class ToolPackageTests(ToolPackageTests.Packed packed) : IClassFixture<ToolPackageTests.Packed>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_package_is_a_tool_with_description_licence_readme_and_icon()
    {
        using ZipArchive package = ZipFile.OpenRead(packed.Package(""));
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Contains("README.md", names);
        Assert.Contains("icon.png", names);
        XElement about = Read(package, "Lottery.Cli.nuspec").Root!.Elements().Single();
        string? Of(string name) => about.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal(("MIT", "README.md", "icon.png"), (Of("license"), Of("readme"), Of("icon")));
        Assert.Contains("lottery tickets", Of("description"), StringComparison.Ordinal);
        Assert.Contains("pruning", Of("tags"), StringComparison.Ordinal);
        XDocument settings = Read(package, "tools/any/any/DotnetToolSettings.xml");
        Assert.Equal("lottery", (string?)settings.Descendants("Command").Single().Attribute("Name"));
        Assert.Equal($"Lottery.Cli.{Packed.System}", (string?)settings.Descendants("RuntimeIdentifierPackage").Single().Attribute("Id"));
    }

    [Fact]
    public void The_package_of_a_system_has_the_program_and_the_native_libraries_of_that_system()
    {
        using ZipArchive package = ZipFile.OpenRead(packed.Package("." + Packed.System));
        string folder = $"tools/net10.0/{Packed.System}/";
        string[] names = [.. package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Select(name => name[folder.Length..])];
        string[] native = OperatingSystem.IsWindows() ? ["duckdb.dll", "libSkiaSharp.dll"]
            : OperatingSystem.IsMacOS() ? ["libduckdb.dylib", "libSkiaSharp.dylib"] : ["libduckdb.so", "libSkiaSharp.so"];
        Assert.Equal(native.Order(StringComparer.Ordinal), names.Where(name => name.Contains("duckdb", StringComparison.Ordinal) || name.Contains("libSkia", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(names, name => name.StartsWith("runtimes/", StringComparison.Ordinal));
        XElement command = Read(package, folder + "DotnetToolSettings.xml").Descendants("Command").Single();
        Assert.Equal(("Lottery.Cli.dll", "dotnet"), ((string?)command.Attribute("EntryPoint"), (string?)command.Attribute("Runner")));
    }

    [Fact]
    public async Task An_installed_tool_searches_and_packs_a_ticket_in_an_empty_folder_with_an_empty_home()
    {
        foreach (string folder in (string[])["home", "work", "packages"]) Directory.CreateDirectory(_folder[folder]);
        // The packages that were just made, and no other source.
        File.WriteAllText(_folder["nuget.config"], $"""
            <configuration><packageSources><clear /><add key="here" value="{packed.Folder}" /></packageSources></configuration>
            """);
        await Run("dotnet", _folder.Path, "tool", "install", "Lottery.Cli", "--tool-path", _folder["tools"], "--configfile", _folder["nuget.config"]);
        string program = Path.Combine(_folder["tools"], OperatingSystem.IsWindows() ? "lottery.exe" : "lottery");
        TinyImages.Write(_folder["work/tiny"]);
        await Run(program, _folder["work"], "find", "--network", "mlp:20-8-3", "--data", "tiny", "--levels", "1", "--steps", "60", "--validation", "100");
        string id = (string)JsonNode.Parse(await Run(program, _folder["work"], "runs", "list", "--json", "--where", "level=1"))!.AsArray().Single()!["id"]!;
        await Run(program, _folder["work"], "ticket", "pack", id, "--data", "tiny", "-o", "a.ticket");
        Assert.True(File.Exists(_folder["work/a.ticket"]));
        Assert.Contains("mlp:20-8-3", await Run(program, _folder["work"], "ticket", "inspect", "a.ticket"), StringComparison.Ordinal);
        // The native libraries: SQL, and a drawing.
        Assert.Contains("64", await Run(program, _folder["work"], "query", "SELECT 8 * 8"), StringComparison.Ordinal);
        await Run(program, _folder["work"], "report", "--format", "png", "-o", "figures");
        Assert.NotEmpty(Directory.GetFiles(_folder["work/figures"], "*.png"));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_folder["home"]), entry => Path.GetFileName(entry).Contains("lottery", StringComparison.OrdinalIgnoreCase));
    }

    private static XDocument Read(ZipArchive package, string name)
    {
        using Stream file = package.GetEntry(name)!.Open();
        return XDocument.Load(file);
    }

    /// <summary>Runs a program with a home of its own to its end; returns its standard output.</summary>
    private async Task<string> Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string home in (string[])["HOME", "USERPROFILE", "DOTNET_CLI_HOME"]) start.Environment[home] = _folder["home"];
        start.Environment["NUGET_PACKAGES"] = _folder["packages"];
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Path.GetFullPath(new FileInfo(Environment.ProcessPath!).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Environment.ProcessPath!));
        foreach (string other in (string[])["LOTTERY_DATA", "XDG_CACHE_HOME"]) start.Environment.Remove(other);
        return await Finish(start);
    }

    private static async Task<string> Finish(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}: {await output}{await error}");
        return await output;
    }

    /// <summary>The packages of the tool for this system, made once for all tests.</summary>
    public sealed class Packed : IAsyncLifetime
    {
        private readonly TemporaryFolder _packages = new();

        /// <summary>This system, as packages name it.</summary>
        public static string System { get; } =
            (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + (RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "-arm64" : "-x64");

        public string Folder => _packages.Path;

        public string Package(string suffix) => Assert.Single(Directory.GetFiles(Folder, $"Lottery.Cli{suffix}.?.?.?.nupkg"));

        // Of what the tests are built with, the program alone is compiled once more: for a system that is named.
        public async ValueTask InitializeAsync() => await Finish(new("dotnet",
        [
            "pack", Repository.At("src/Lottery.Cli"), "-c", "Debug", "--no-restore", "-o", Folder, $"-p:ToolPackageRuntimeIdentifiers={System}",
            "-p:BuildProjectReferences=false", "-p:RunAnalyzers=false", "-v", "q", "--nologo", "-nodeReuse:false",
        ]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true });

        public ValueTask DisposeAsync()
        {
            _packages.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
