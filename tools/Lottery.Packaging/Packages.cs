namespace Lottery.Packaging;

/// <summary>The NuGet packages of the tool and of the libraries.</summary>
internal static class Packages
{
    /// <summary>Makes them all and lists them with their sizes.</summary>
    public static int Make(string root)
    {
        Console.Error.WriteLine("packing …");
        string artifacts = Path.Combine(root, "artifacts");
        Sdk.Run(root, Path.Combine(artifacts, "pack.log"), "pack", "Lottery.slnx", "-c", "Release", "-p:RunAnalyzers=false");
        foreach (string package in Directory.GetFiles(Path.Combine(artifacts, "package", "release"), "*.nupkg").Order(StringComparer.Ordinal))
            Console.WriteLine($"{Path.GetRelativePath(root, package)}  {new FileInfo(package).Length / 1e6:0.0} MB");
        return 0;
    }
}
