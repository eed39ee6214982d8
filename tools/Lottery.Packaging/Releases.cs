using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Lottery.Packaging;

/// <summary>
/// The archives for people without an SDK: the program with .NET in it, next to the licence, the README, the documents and the studies.
/// </summary>
internal static class Releases
{
    private static readonly string[] s_systems = ["linux-x64", "linux-arm64", "osx-x64", "osx-arm64", "win-x64"];

    /// <summary>What a release has beside the program, the licence and the README.</summary>
    private static readonly string[] s_folders = ["docs", "studies"];

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
        File.Delete(Path.Combine(target, "aspnetcorev2_inprocess.dll")); // for Microsoft's web server
        foreach (string library in Directory.GetFiles(target, "*.dylib")) TakeOwnProcessor(library, system);
        string[] others = ["LICENSE", "README.md", .. s_folders.SelectMany(name => Directory.GetFiles(Path.Combine(root, name)).Select(file => $"{name}/{Path.GetFileName(file)}"))];
        foreach (string name in s_folders) Directory.CreateDirectory(Path.Combine(target, name));
        foreach (string file in others) File.Copy(Path.Combine(root, file), Path.Combine(target, file));
        string archive = target + (windows ? ".zip" : ".tar.gz");
        File.Delete(archive);
        if (windows) ZipFile.CreateFromDirectory(target, archive, CompressionLevel.SmallestSize, includeBaseDirectory: true);
        else Pack(target, archive);
        if (ReleaseContents.Faults(ReleaseContents.Read(archive), system, others) is { Count: > 0 } faults)
            throw new PackagingException($"{archive} is not as a release must be:\n{string.Join('\n', faults.Select(fault => "  " + fault))}");
    }

    private static void Pack(string folder, string archive)
    {
        using var packed = new GZipStream(File.Create(archive), CompressionLevel.SmallestSize);
        TarFile.CreateFromDirectory(folder, packed, includeBaseDirectory: true);
    }

    /// <summary>Libraries for macOS are for two processors at once; a release is for one.</summary>
    private static void TakeOwnProcessor(string library, string system)
    {
        byte[] both = File.ReadAllBytes(library);
        ReadOnlySpan<byte> own = NativeFile.Slice(both, system);
        if (own.Length < both.Length) File.WriteAllBytes(library, own);
    }
}
