using System.Runtime.InteropServices;

namespace Lottery.Cuda.Driver;

/// <summary>NVIDIA's management library, where there is one.</summary>
internal sealed class NativeManagement : IManagementCalls
{
    private const int Missing = -1;

    public int Init() => Try(() => nvmlInit_v2());

    public int DeviceByBusId(string id, out nint device)
    {
        nint found = 0;
        int result = Try(() => nvmlDeviceGetHandleByPciBusId_v2(id, out found));
        device = found;
        return result;
    }

    public int Utilization(nint device, out int percent)
    {
        Rates rates = default;
        int result = Try(() => nvmlDeviceGetUtilizationRates(device, out rates));
        percent = (int)rates.Gpu;
        return result;
    }

    private static int Try(Func<int> call)
    {
        try
        {
            NativeLibraries.Resolve();
            return call();
        }
        catch (Exception missing) when (missing is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            return Missing;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Rates(uint Gpu, uint Memory);

#pragma warning disable IDE1006, SYSLIB1054 // Names are the library's; generated marshalling would be unsafe code.
    [DllImport(NativeLibraries.Management)] private static extern int nvmlInit_v2();
    [DllImport(NativeLibraries.Management)] private static extern int nvmlDeviceGetHandleByPciBusId_v2([MarshalAs(UnmanagedType.LPUTF8Str)] string id, out nint device);
    [DllImport(NativeLibraries.Management)] private static extern int nvmlDeviceGetUtilizationRates(nint device, out Rates rates);
#pragma warning restore IDE1006, SYSLIB1054
}
