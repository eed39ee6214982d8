using System.Text.Json.Nodes;

namespace Lottery.RepositoryTests.Packaging;

/// <summary>Each project has a list of the packages that it is built from, with their hashes; restoring writes it.</summary>
public sealed class LockFileTests
{
    private static readonly string[] s_folders = ["src", "tests", "tools", "bench", "fuzz", "samples"];

    public static TheoryData<string> Projects => new(s_folders.SelectMany(folder => Repository.Files(folder, ".csproj")));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_lists_its_packages_with_their_hashes(string project)
    {
        string path = Path.GetDirectoryName(project)!.Replace('\\', '/') + "/packages.lock.json";
        Assert.True(File.Exists(Repository.At(path)), $"{path} is missing: build the project and add the file.");
        string text = Repository.Read(path);
        Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        foreach ((string name, JsonNode? package) in JsonNode.Parse(text)!["dependencies"]!.AsObject().SelectMany(framework => framework.Value!.AsObject()))
        {
            if ((string?)package!["type"] == "Project") continue;
            Assert.True(Convert.FromBase64String((string)package["contentHash"]!).Length == 64, $"{path}: {name} has no SHA-512.");
        }
    }
}
