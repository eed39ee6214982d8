using System.Diagnostics;

namespace Lottery.SystemTests.Documentation;

/// <summary>The C# examples of a page, one after the other, are a program: it is built in a fresh console project and run in short form.</summary>
public sealed class DocumentExamplesRunTests(DocumentFolder prepared) : IClassFixture<DocumentFolder>
{
    /// <summary>Pages, the library that each says to refer to, and what the program prints.</summary>
    public static TheoryData<string, string, string> Pages => new()
    {
        { "docs/tour.md", "Lottery", "at step" },
        { "docs/runtime.md", "Lottery.Engine", "" },
    };

    [Fact]
    public void Every_page_with_examples_is_built() => Assert.Equal(
        Documents.All.Where(page => Documents.Blocks(page, "csharp").Any()).Order(StringComparer.Ordinal), Pages.Select(page => page.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_examples_of_a_page_are_a_program(string page, string library, string printed)
    {
        string folder = prepared.Copy($"program-{library}");
        Assert.Contains($"src/{library}/{library}.csproj", Repository.Read(page), StringComparison.Ordinal);
        // What `dotnet new console` and `dotnet add reference` write.
        File.WriteAllText(Path.Combine(folder, "Program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
              <ItemGroup><ProjectReference Include="{Repository.At($"src/{library}/{library}.csproj")}" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), ShortForm.CSharp(string.Join('\n', Documents.Blocks(page, "csharp"))));
        (int exitCode, string output) = Dotnet(folder, "build", "-c", "Debug", "-nodeReuse:false", "-v", "q", "--nologo", "-p:RunAnalyzers=false", "-p:NuGetAudit=false");
        Assert.True(exitCode == 0, output);
        (exitCode, output) = Dotnet(folder, "exec", Path.Combine("bin", "Debug", "net10.0", "Program.dll"));
        Assert.True(exitCode == 0, output);
        Assert.Contains(printed, output, StringComparison.Ordinal);
    }

    private (int ExitCode, string Output) Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LOTTERY_DATA"] = prepared.Data;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result + error.Result);
    }
}
