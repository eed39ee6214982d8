using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Lottery.Packaging;

/// <summary>
/// The archives for people without an SDK: the program with .NET in it, next to the licence, the README and the studies.
/// </summary>
internal static class Releases
{
    private static readonly string[] s_systems = ["linux-x64", "linux-arm64", "osx-x64", "osx-arm64", "win-x64"];

    /// <summary>Makes the archives of the systems that are asked for, or of all.</summary>
    public static int Make(string root, string[] asked)
    {
        if (asked.Except(s_systems).FirstOrDefault() is { } unknown)
            throw new PackagingException($"there are no releases for {unknown}; use {string.Join(", ", s_systems)}.");
        string folder = Path.Combine(root, "artifacts", "release");
        Directory.CreateDirectory(folder);
        foreach (string system in asked.Length > 0 ? asked : s_systems) Make(root, system, folder);
        string[] archives = [.. Directory.GetFiles(folder, "lottery-*.*").Order(StringComparer.Ordinal)];
        File.WriteAllLines(Path.Combine(folder, "SHA256SUMS"), archives.Select(archive => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(archive)))}  {Path.GetFileName(archive)}"));
        foreach (string archive in archives) Console.WriteLine($"{Path.GetRelativePath(root, archive)}  {new FileInfo(archive).Length / 1e6:0.0} MB");
        return 0;
    }

    private static void Make(string root, string system, string folder)
    {
        Console.Error.WriteLine($"publishing for {system} …");
        string artifacts = Path.Combine(root, "artifacts"), target = Path.Combine(folder, $"lottery-{system}");
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        Sdk.Run(root, Path.Combine(artifacts, "release.log"),
            "publish", "src/Lottery.Cli", "-c", "Release", "-r", system, "--self-contained", "-o", target, "-p:PublishSingleFile=true", "-p:DebugType=none",
            "-p:GenerateDocumentationFile=false", "-p:RunAnalyzers=false", "-p:PackAsTool=false", $"-p:ArtifactsPath={Path.Combine(artifacts, "release-build")}");
        bool windows = system.StartsWith("win", StringComparison.Ordinal);
        string end = windows ? ".exe" : "";
        File.Move(Path.Combine(target, "Lottery.Cli" + end), Path.Combine(target, "lottery" + end));
        foreach (string file in (string[])["LICENSE", "README.md"]) File.Copy(Path.Combine(root, file), Path.Combine(target, file));
        Directory.CreateDirectory(Path.Combine(target, "studies"));
        foreach (string study in Directory.GetFiles(Path.Combine(root, "studies"))) File.Copy(study, Path.Combine(target, "studies", Path.GetFileName(study)));
        string archive = target + (windows ? ".zip" : ".tar.gz");
        File.Delete(archive);
        if (windows)
        {
            ZipFile.CreateFromDirectory(target, archive, CompressionLevel.Optimal, includeBaseDirectory: true);
            return;
        }
        using var packed = new GZipStream(File.Create(archive), CompressionLevel.Optimal);
        TarFile.CreateFromDirectory(target, packed, includeBaseDirectory: true);
    }
}
