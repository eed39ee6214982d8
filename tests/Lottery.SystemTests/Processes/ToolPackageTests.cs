using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace Lottery.SystemTests.Processes;

/// <summary>The package that <c>dotnet pack src/Lottery.Cli</c> makes is a tool that says what it is.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_package_is_a_tool_with_description_licence_readme_and_icon()
    {
        var start = new ProcessStartInfo("dotnet", ["pack", Repository.At("src/Lottery.Cli"), "-c", "Debug", "--no-build", "-o", _folder.Path, "-v", "q", "--nologo", "-nodeReuse:false"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process pack = Process.Start(start)!;
        Task<string> output = pack.StandardOutput.ReadToEndAsync(), error = pack.StandardError.ReadToEndAsync();
        await pack.WaitForExitAsync();
        Assert.True(pack.ExitCode == 0, await output + await error);

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
}
