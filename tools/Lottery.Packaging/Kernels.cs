using System.ComponentModel;
using System.Diagnostics;

namespace Lottery.Packaging;

/// <summary>The kernels for NVIDIA cards as PTX, which is committed: a test compiles them again and compares.</summary>
internal static class Kernels
{
    /// <summary>The one compiler whose PTX is committed.</summary>
    private const string Compiler = "clang-14";

    /// <summary>Compiles every family.</summary>
    public static int Compile(string root)
    {
        string folder = Path.Combine(root, "src", "Lottery.Cuda", "Kernels"), made = Path.Combine(root, "artifacts", "kernel.ptx");
        foreach (string source in Directory.GetFiles(folder, "*.cu").Order(StringComparer.Ordinal))
        {
            string family = Path.GetFileNameWithoutExtension(source);
            Run([$"@{Path.Combine(folder, "ptx.options")}", source, "-o", made]);
            string text = File.ReadAllText(made);
            File.WriteAllText(Path.Combine(folder, family + ".ptx"), $"// {family}.cu, compiled by {Compiler} (./dev ptx); do not edit.\n" + text);
            Console.WriteLine($"{family}.ptx  {text.Split(".entry").Length - 1} kernels, {text.Length:N0} bytes");
        }
        return 0;
    }

    private static void Run(string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(Compiler, arguments))!;
            process.WaitForExit();
            if (process.ExitCode != 0) throw new PackagingException($"{Compiler} failed.");
        }
        catch (Win32Exception)
        {
            throw new PackagingException($"{Compiler} was not found; install it (Debian: apt-get install {Compiler}).");
        }
    }
}
