using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Lottery.SystemTests.Cli;

namespace Lottery.SystemTests.Processes;

/// <summary>The package that <c>dotnet pack src/Lottery.Cli</c> makes is a tool that says what it is.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_package_is_a_tool_with_description_licence_readme_and_icon()
    {
        await Pack();
        using ZipArchive package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(_folder.Path, "*.nupkg")));
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Contains("README.md", names);
        Assert.Contains("icon.png", names);
        Assert.Contains("tools/net10.0/any/Lottery.Cli.dll", names);
        XElement about = Read("Lottery.Cli.nuspec").Root!.Elements().Single();
        string? Of(string name) => about.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal(("MIT", "README.md", "icon.png"), (Of("license"), Of("readme"), Of("icon")));
        Assert.Contains("lottery tickets", Of("description"), StringComparison.Ordinal);
        Assert.Contains("pruning", Of("tags"), StringComparison.Ordinal);
        XElement command = Read("tools/net10.0/any/DotnetToolSettings.xml").Descendants("Command").Single();
        Assert.Equal(("lottery", "Lottery.Cli.dll"), ((string?)command.Attribute("Name"), (string?)command.Attribute("EntryPoint")));

        XDocument Read(string name)
        {
            using Stream file = package.GetEntry(name)!.Open();
            return XDocument.Load(file);
        }
    }

    [Fact]
    public async Task An_installed_tool_searches_and_packs_a_ticket_in_an_empty_folder_with_an_empty_home()
    {
        await Pack();
        foreach (string folder in (string[])["home", "work", "packages"]) Directory.CreateDirectory(_folder[folder]);
        // The package that was just made, and no other source.
        File.WriteAllText(_folder["nuget.config"], $"""
            <configuration><packageSources><clear /><add key="here" value="{_folder.Path}" /></packageSources></configuration>
            """);
        await Run("dotnet", _folder.Path, "tool", "install", "Lottery.Cli", "--tool-path", _folder["tools"], "--configfile", _folder["nuget.config"]);
        string program = Path.Combine(_folder["tools"], OperatingSystem.IsWindows() ? "lottery.exe" : "lottery");
        TinyImages.Write(_folder["work/tiny"]);
        await Run(program, _folder["work"], "find", "--network", "mlp:20-8-3", "--data", "tiny", "--levels", "1", "--steps", "60", "--validation", "100");
        string id = (string)JsonNode.Parse(await Run(program, _folder["work"], "runs", "list", "--json", "--where", "level=1"))!.AsArray().Single()!["id"]!;
        await Run(program, _folder["work"], "ticket", "pack", id, "--data", "tiny", "-o", "a.ticket");
        Assert.True(File.Exists(_folder["work/a.ticket"]));
        Assert.Contains("mlp:20-8-3", await Run(program, _folder["work"], "ticket", "inspect", "a.ticket"), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_folder["home"]), entry => Path.GetFileName(entry).Contains("lottery", StringComparison.OrdinalIgnoreCase));
    }

    private async Task Pack() => await Run("dotnet", _folder.Path,
        "pack", Repository.At("src/Lottery.Cli"), "-c", "Debug", "--no-build", "-o", _folder.Path, "-v", "q", "--nologo", "-nodeReuse:false", "-p:IncludeSymbols=false");

    /// <summary>Runs a program with a home of its own to its end; returns its standard output.</summary>
    private async Task<string> Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        if (arguments[0] != "pack")
        {
            foreach (string home in (string[])["HOME", "USERPROFILE", "DOTNET_CLI_HOME"]) start.Environment[home] = _folder["home"];
            start.Environment["NUGET_PACKAGES"] = _folder["packages"];
            start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Path.GetFullPath(new FileInfo(Environment.ProcessPath!).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Environment.ProcessPath!));
            foreach (string other in (string[])["LOTTERY_DATA", "XDG_CACHE_HOME"]) start.Environment.Remove(other);
        }
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await output}{await error}");
        return await output;
    }
}
