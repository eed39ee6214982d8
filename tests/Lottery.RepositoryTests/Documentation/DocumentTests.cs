using System.Text.RegularExpressions;
using Lottery.Kernels;
using Lottery.Studies.Queries;
using Lottery.Studies.Store;

namespace Lottery.RepositoryTests.Documentation;

/// <summary>What the documents say of the tree is so.</summary>
public class DocumentTests
{
    [Fact]
    public void The_readme_is_short_and_opens_with_what_to_type()
    {
        string[] lines = File.ReadAllLines(Repository.At("README.md"));
        Assert.InRange(lines.Length, 1, 150);
        string screen = string.Join('\n', lines[..24]);
        Assert.Contains("./lottery quickstart", screen, StringComparison.Ordinal);
        Assert.Contains("./dev test", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_lead_somewhere() => Assert.All(Documents.Links(), link =>
    {
        string[] parts = link.Target.Split('#');
        string folder = Path.GetDirectoryName(link.Document)!;
        string target = parts[0].Length == 0 ? link.Document : Path.Combine(folder, parts[0]);
        Assert.True(Path.Exists(Repository.At(target)), $"{link.Document} → {link.Target}");
        if (parts.Length > 1) Assert.Contains(parts[1], Documents.Anchors(target));
    });

    [Fact]
    public void Tests_that_the_documents_select_exist()
    {
        string[] namespaces = [.. Documents.All.SelectMany(document => Documents.Commands(document, "dev")).Select(command => command.Split('\''))
            .Where(parts => parts[0].EndsWith(" -namespace ", StringComparison.Ordinal)).Select(parts => parts[1]).Distinct()];
        string tests = string.Concat(Repository.Files("tests", "Tests.cs").Select(Repository.Read));
        Assert.NotEmpty(namespaces);
        Assert.All(namespaces, name => Assert.Contains($"\nnamespace {name};", tests.ReplaceLineEndings("\n"), StringComparison.Ordinal));
    }

    [Fact]
    public void The_diffs_of_the_contribution_guide_apply()
    {
        (string File, string[] Lines)[] hunks = [.. Documents.Hunks("CONTRIBUTING.md")];
        Assert.NotEmpty(hunks);
        Assert.All(hunks, hunk =>
        {
            using IEnumerator<string> source = File.ReadLines(Repository.At(hunk.File)).GetEnumerator();
            Assert.All(hunk.Lines, line =>
            {
                while (source.MoveNext() && source.Current != line) { }
                Assert.Equal(line, source.Current);
            });
        });
    }

    [Fact]
    public void Types_and_paths_that_the_architecture_names_exist()
    {
        string sources = string.Concat(Repository.Files("src", ".cs").Concat(Repository.Files("tests", ".cs")).Select(Repository.Read));
        string[] folders = ["", "src", .. Directory.GetDirectories(Repository.At("src"))];
        Assert.All(Documents.Quoted("docs/architecture.md").Where(name => !name.StartsWith("./", StringComparison.Ordinal)), name =>
        {
            bool isType = Regex.IsMatch(name, @"^[A-Z][a-z]+\w*(\.\w+)?(<\w+>)?$"), isPath = Regex.IsMatch(name, @"^[\w.]+/[\w./]*$");
            bool exists = folders.Any(folder => Path.Exists(Repository.At(Path.Combine(folder, name))));
            if (isPath) Assert.True(exists, name);
            else if (isType && !exists) Assert.Matches($@"\b{name.Split('<')[0].Split('.')[^1]}\b", sources);
        });
    }

    [Fact]
    public void Commands_of_dev_are_those_that_it_has()
    {
        string usage = Repository.Read("scripts/dev.cs");
        string[] commands = [.. Documents.All.SelectMany(document => Documents.Commands(document, "dev"))];
        Assert.All(commands, command => Assert.Contains($"./dev {command.Split(' ')[1]} ", usage, StringComparison.Ordinal));
        Assert.All(["build", "test", "bench", "docs", "format"],
            name => Assert.Contains(commands, command => command.Split(' ')[1] == name));
    }

    [Fact]
    public void Every_stream_of_random_numbers_is_listed()
    {
        string page = Repository.Read("docs/determinism.md");
        string[] prefixes =
        [
            "initial", "reinit/level-", "split", "training-sample", "order/", "crop/", "flip/", "test/", "ties/level-", "mask-1/", "mask-0/",
            "random-mask/level-", "supermask/", "dropout/", "recalibrate",
        ];
        string sources = string.Concat(Repository.Files("src", ".cs").Select(Repository.Read));
        Assert.All(prefixes, prefix =>
        {
            Assert.Contains($"\"{prefix}", sources, StringComparison.Ordinal);
            Assert.Contains($"| `{prefix}", page, StringComparison.Ordinal);
        });
        Assert.Equal(prefixes.Length, page.Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_family_of_kernels_is_named() => Assert.All(KernelVersions.All.Keys,
        family => Assert.Contains($"`{family}`", Repository.Read("docs/determinism.md"), StringComparison.Ordinal));

    [Fact]
    public void Every_field_of_a_listed_run_is_described() => Assert.All(RunFields.All,
        column => Assert.Contains($"`{column.Name}`", Repository.Read("docs/formats.md"), StringComparison.Ordinal));

    [Fact]
    public void Every_path_of_the_store_is_described()
    {
        var paths = new StorePaths("");
        string page = Repository.Read("docs/formats.md");
        Assert.All(
            [
                paths.StoreFile, paths.LockFile, paths.IndexFile, paths.Claim("ID"), paths.Checkpoint("ID"), paths.Progress("ID"), paths.Failure("ID"),
               
                paths.Study("NAME"), paths.Removed, .. new[] { StorePaths.RunFile, StorePaths.MetricsFile, StorePaths.TensorsFile }
                    .Select(file => Path.Combine(paths.Run("ID"), file)),
            ],
            path => Assert.Contains("\n" + path.Replace('\\', '/') + " ", page, StringComparison.Ordinal));
    }
}
