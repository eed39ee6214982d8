using System.Runtime.InteropServices;

namespace Lottery.Packaging;

/// <summary>The program that compares a card with a processor, as one file for a machine without .NET and without a network.</summary>
internal static class GpuProgram
{
    /// <summary>Publishes it for this system.</summary>
    public static int Make(string root)
    {
        if (OperatingSystem.IsMacOS()) throw new PackagingException("no NVIDIA card works under macOS.");
        string end = OperatingSystem.IsWindows() ? ".exe" : "", processor = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        string artifacts = Path.Combine(root, "artifacts"), folder = Path.Combine(artifacts, "gpu"), program = Path.Combine(folder, "lottery-gpu" + end);
        Sdk.Run(root, Path.Combine(artifacts, "gpu.log"),
            "publish", "tools/Lottery.Gpu", "-c", "Release", "-r", $"{(OperatingSystem.IsWindows() ? "win" : "linux")}-{processor}", "--self-contained",
            "-o", folder, "-p:PublishSingleFile=true", "-p:DebugType=none", "-p:GenerateDocumentationFile=false", "-p:RunAnalyzers=false",
            $"-p:ArtifactsPath={Path.Combine(artifacts, "gpu-build")}");
        File.Move(Path.Combine(folder, "Lottery.Gpu" + end), program, overwrite: true);
        Console.Error.WriteLine($"{Path.GetRelativePath(root, program)}: {new FileInfo(program).Length / 1048576.0:0.0} MiB; copy it to a machine with a card and run it");
        return 0;
    }
}
