using System.Runtime.InteropServices;

namespace Lottery.Cuda.Driver;

/// <summary>NVIDIA's libraries, whose files have other names on Windows.</summary>
internal static class NativeLibraries
{
    /// <summary>The driver's library in declarations, and the management library.</summary>
    public const string Driver = "cuda-driver", Management = "nvidia-management";

    /// <summary>The file of the driver's library on this system.</summary>
    public static readonly string DriverFile = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    private static readonly string s_managementFile = OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1";

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (name, _, _) => name switch
    {
        Driver => NativeLibrary.Load(DriverFile),
        Management => NativeLibrary.Load(s_managementFile),
        _ => 0,
    });

    /// <summary>Names the files; called before the first function of either.</summary>
    public static void Resolve()
    {
        // The static constructor does it, once.
    }
}
