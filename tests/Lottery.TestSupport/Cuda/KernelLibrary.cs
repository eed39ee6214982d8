using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;

namespace Lottery.TestSupport.Cuda;

/// <summary>A family of kernels that runs on this processor; one launch at a time.</summary>
internal sealed class KernelLibrary
{
    private static readonly ConcurrentDictionary<string, Lazy<KernelLibrary>> s_loaded = new(StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Index, PtxKernel Takes)> _kernels = new(StringComparer.Ordinal);
    private readonly FindKernel _find;
    private readonly TellOfKernel _parameters, _threads;
    private readonly LaunchKernel _launch;

    private KernelLibrary(string family)
    {
        nint library = NativeLibrary.Load(KernelCompiler.Library(family));
        _find = Function<FindKernel>("emulator_find");
        _parameters = Function<TellOfKernel>("emulator_parameters");
        _threads = Function<TellOfKernel>("emulator_threads");
        _launch = Function<LaunchKernel>("emulator_launch");

        T Function<T>(string name) => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
    }

    private delegate int FindKernel([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    private delegate int TellOfKernel(int kernel);

    private delegate int LaunchKernel(int kernel, int gridX, int gridY, int gridZ, int threads, long shared, int turned, ulong[] arguments);

    /// <summary>A family, compiled if it has changed.</summary>
    public static KernelLibrary Get(string family) => s_loaded.GetOrAdd(family, name => new(() => new KernelLibrary(name))).Value;

    /// <summary>Runs a kernel to its end.</summary>
    /// <param name="launch">The kernel.</param>
    /// <param name="turned">The last block and the last thread begin.</param>
    public void Run(in Launch launch, bool turned)
    {
        lock (_gate)
        {
            (int index, PtxKernel takes) = Kernel(launch);
            takes.Check(launch);
            int result = _launch(index, launch.GridX, launch.GridY, launch.GridZ, launch.Threads, launch.Shared, turned ? 1 : 0, [.. launch.Arguments]);
            if (result == 1) throw new InvalidOperationException($"{launch.Kernel}: some threads wait for others at a barrier that these never reach.");
            if (result == 2) throw new InvalidOperationException($"{launch.Kernel} wrote beyond its {launch.Shared} bytes of shared memory.");
        }
    }

    private (int Index, PtxKernel Takes) Kernel(in Launch launch)
    {
        if (_kernels.TryGetValue(launch.Name, out (int, PtxKernel) known)) return known;
        int index = _find(launch.Name);
        if (index < 0) throw new DeviceException(DeviceFault.Wrong, $"There is no kernel '{launch.Kernel}' (is EMULATE({launch.Name}) after its body?).");
        return _kernels[launch.Name] = (index, new(_parameters(index), _threads(index)));
    }
}
