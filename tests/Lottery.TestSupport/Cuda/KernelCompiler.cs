using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Lottery.TestSupport.Cuda;

/// <summary>Compiles families of kernels for this processor, once for each content: the libraries lie in artifacts/emulator.</summary>
internal static class KernelCompiler
{
    private static readonly string[] s_names =
        ["clang++", "clang++-14", "clang++-15", "clang++-16", "clang++-17", "clang++-18", "clang++-19", "clang++-20", "g++", "c++"];

    private static readonly ConcurrentDictionary<string, Lazy<string>> s_libraries = new(StringComparer.Ordinal);

    /// <summary>The compiler; null where there is none.</summary>
    public static string? Path { get; } = OperatingSystem.IsWindows() ? null : s_names.Select(Find).FirstOrDefault(path => path is not null);

    /// <summary>The folder of the kernels' sources.</summary>
    public static string Sources => Repository.At("src/Lottery.Cuda/Kernels");

    /// <summary>The path of a family's library.</summary>
    public static string Library(string family) => s_libraries.GetOrAdd(family, name => new(() => Compile(name))).Value;

    /// <summary>The path of a program; null where it is not found.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static string Compile(string family)
    {
        string source = System.IO.Path.Combine(Sources, family + ".cu");
        if (!File.Exists(source)) source = Repository.At($"tests/Lottery.UnitTests/Cuda/{family}.cu");
        if (!File.Exists(source)) throw new FileNotFoundException($"There are no kernels '{family}': {source}");
        string[] options =
        [
            "-x", "c++", "-std=c++17", "-O1", "-w", "-DEMULATED", "-shared", "-fPIC", "-fvisibility=hidden", "-ffp-contract=off", "-fno-strict-aliasing", "-I", Sources,
            // A card refuses what is not aligned, and all its memory is lost: here, for fields of structs, the process ends with an illegal instruction.
            .. Path!.Contains("clang", StringComparison.Ordinal) ? ["-fsanitize=alignment", "-fsanitize-trap=alignment"] : Array.Empty<string>(),
            .. RuntimeInformation.ProcessArchitecture == Architecture.X64 ? ["-mfma"] : Array.Empty<string>(),
        ];
        string folder = Repository.At("artifacts/emulator");
        string library = System.IO.Path.Combine(folder, $"{family}-{Hash(source, options)}.so");
        if (File.Exists(library)) return library;
        Directory.CreateDirectory(folder);
        // Another process may compile the same: each has a file of its own, and the last to finish is kept.
        string own = library + "." + Guid.NewGuid().ToString("N");
        Run(Path!, [.. options, source, "-o", own]);
        File.Move(own, library, overwrite: true);
        return library;
    }

    private static string Hash(string source, string[] options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Path + string.Join(' ', options)));
        foreach (string file in Directory.GetFiles(Sources, "*.h").Order(StringComparer.Ordinal).Append(source)) hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Runs a compiler, and throws with its words if it fails.</summary>
    public static void Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        string words = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed:\n{words}");
    }
}
