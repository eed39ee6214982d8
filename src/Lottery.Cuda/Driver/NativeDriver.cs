using System.Runtime.InteropServices;

namespace Lottery.Cuda.Driver;

/// <summary>The driver's library, which comes with the driver; nothing else of CUDA is needed.</summary>
internal sealed class NativeDriver : IDriverCalls
{
    private const string Library = NativeLibraries.Driver;

    public int Init() => Try(() => cuInit(0));
    public int DriverGetVersion(out int version) => cuDriverGetVersion(out version);
    public int DeviceGetCount(out int count) => cuDeviceGetCount(out count);
    public int DeviceGet(out int device, int ordinal) => cuDeviceGet(out device, ordinal);
    public int DeviceGetName(byte[] name, int length, int device) => cuDeviceGetName(name, length, device);
    public int DeviceGetAttribute(out int value, int attribute, int device) => cuDeviceGetAttribute(out value, attribute, device);
    public int DeviceGetPCIBusId(byte[] id, int length, int device) => cuDeviceGetPCIBusId(id, length, device);
    public int DeviceTotalMem(out nuint bytes, int device) => cuDeviceTotalMem_v2(out bytes, device);
    public int PrimaryContextRetain(out nint context, int device) => cuDevicePrimaryCtxRetain(out context, device);
    public int PrimaryContextRelease(int device) => cuDevicePrimaryCtxRelease_v2(device);
    public int ContextSetCurrent(nint context) => cuCtxSetCurrent(context);
    public int MemGetInfo(out nuint free, out nuint total) => cuMemGetInfo_v2(out free, out total);
    public int MemAlloc(out ulong address, nuint bytes) => cuMemAlloc_v2(out address, bytes);
    public int MemFree(ulong address) => cuMemFree_v2(address);
    public int MemsetD32Async(ulong address, uint word, nuint words, nint stream) => cuMemsetD32Async(address, word, words, stream);
    public int MemcpyDtoDAsync(ulong to, ulong from, nuint bytes, nint stream) => cuMemcpyDtoDAsync_v2(to, from, bytes, stream);
    public int MemcpyHtoDAsync(ulong to, in byte from, nuint bytes, nint stream) => cuMemcpyHtoDAsync_v2(to, in from, bytes, stream);
    public int MemcpyDtoHAsync(ref byte to, ulong from, nuint bytes, nint stream) => cuMemcpyDtoHAsync_v2(ref to, from, bytes, stream);
    public int StreamCreate(out nint stream, uint flags) => cuStreamCreate(out stream, flags);
    public int StreamDestroy(nint stream) => cuStreamDestroy_v2(stream);
    public int StreamSynchronize(nint stream) => cuStreamSynchronize(stream);
    public int StreamBeginCapture(nint stream, int mode) => cuStreamBeginCapture_v2(stream, mode);
    public int StreamEndCapture(nint stream, out nint graph) => cuStreamEndCapture(stream, out graph);
    public int GraphInstantiate(out nint executable, nint graph) => cuGraphInstantiateWithFlags(out executable, graph, 0);
    public int GraphLaunch(nint executable, nint stream) => cuGraphLaunch(executable, stream);
    public int GraphExecDestroy(nint executable) => cuGraphExecDestroy(executable);
    public int GraphDestroy(nint graph) => cuGraphDestroy(graph);
    public int ModuleLoadData(out nint module, byte[] image) => cuModuleLoadData(out module, image);
    public int ModuleUnload(nint module) => cuModuleUnload(module);
    public int ModuleGetFunction(out nint function, nint module, string name) => cuModuleGetFunction(out function, module, name);
    public int FuncSetAttribute(nint function, int attribute, int value) => cuFuncSetAttribute(function, attribute, value);
    public int LaunchKernel(nint function, uint gridX, uint gridY, uint gridZ, uint threads, uint shared, nint stream, nint arguments) =>
        cuLaunchKernel(function, gridX, gridY, gridZ, threads, 1, 1, shared, stream, arguments, 0);

    private static int Try(Func<int> call)
    {
        try
        {
            NativeLibraries.Resolve();
            // A driver before 11.4 has no cuGraphInstantiateWithFlags; asked for here, so that it is known at once.
            return NativeLibrary.TryGetExport(NativeLibrary.Load(NativeLibraries.DriverFile), nameof(cuGraphInstantiateWithFlags), out _) ? call() : DriverErrors.NoFunction;
        }
        catch (DllNotFoundException)
        {
            return DriverErrors.NoLibrary;
        }
        catch (BadImageFormatException)
        {
            return DriverErrors.NoLibrary;
        }
    }

#pragma warning disable IDE1006, SYSLIB1054 // Names are the driver's; generated marshalling would be unsafe code.
    [DllImport(Library)] private static extern int cuInit(uint flags);
    [DllImport(Library)] private static extern int cuDriverGetVersion(out int version);
    [DllImport(Library)] private static extern int cuDeviceGetCount(out int count);
    [DllImport(Library)] private static extern int cuDeviceGet(out int device, int ordinal);
    [DllImport(Library)] private static extern int cuDeviceGetName(byte[] name, int length, int device);
    [DllImport(Library)] private static extern int cuDeviceGetAttribute(out int value, int attribute, int device);
    [DllImport(Library)] private static extern int cuDeviceGetPCIBusId(byte[] id, int length, int device);
    [DllImport(Library)] private static extern int cuDeviceTotalMem_v2(out nuint bytes, int device);
    [DllImport(Library)] private static extern int cuDevicePrimaryCtxRetain(out nint context, int device);
    [DllImport(Library)] private static extern int cuDevicePrimaryCtxRelease_v2(int device);
    [DllImport(Library)] private static extern int cuCtxSetCurrent(nint context);
    [DllImport(Library)] private static extern int cuMemGetInfo_v2(out nuint free, out nuint total);
    [DllImport(Library)] private static extern int cuMemAlloc_v2(out ulong address, nuint bytes);
    [DllImport(Library)] private static extern int cuMemFree_v2(ulong address);
    [DllImport(Library)] private static extern int cuMemsetD32Async(ulong address, uint word, nuint words, nint stream);
    [DllImport(Library)] private static extern int cuMemcpyDtoDAsync_v2(ulong to, ulong from, nuint bytes, nint stream);
    [DllImport(Library)] private static extern int cuMemcpyHtoDAsync_v2(ulong to, in byte from, nuint bytes, nint stream);
    [DllImport(Library)] private static extern int cuMemcpyDtoHAsync_v2(ref byte to, ulong from, nuint bytes, nint stream);
    [DllImport(Library)] private static extern int cuStreamCreate(out nint stream, uint flags);
    [DllImport(Library)] private static extern int cuStreamDestroy_v2(nint stream);
    [DllImport(Library)] private static extern int cuStreamSynchronize(nint stream);
    [DllImport(Library)] private static extern int cuStreamBeginCapture_v2(nint stream, int mode);
    [DllImport(Library)] private static extern int cuStreamEndCapture(nint stream, out nint graph);
    [DllImport(Library)] private static extern int cuGraphInstantiateWithFlags(out nint executable, nint graph, ulong flags);
    [DllImport(Library)] private static extern int cuGraphLaunch(nint executable, nint stream);
    [DllImport(Library)] private static extern int cuGraphExecDestroy(nint executable);
    [DllImport(Library)] private static extern int cuGraphDestroy(nint graph);
    [DllImport(Library)] private static extern int cuModuleLoadData(out nint module, byte[] image);
    [DllImport(Library)] private static extern int cuModuleUnload(nint module);
    [DllImport(Library)] private static extern int cuModuleGetFunction(out nint function, nint module, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
    [DllImport(Library)] private static extern int cuFuncSetAttribute(nint function, int attribute, int value);
    [DllImport(Library)]
    private static extern int cuLaunchKernel(
        nint function, uint gridX, uint gridY, uint gridZ, uint threadsX, uint threadsY, uint threadsZ, uint shared, nint stream, nint arguments, nint more);
#pragma warning restore IDE1006, SYSLIB1054
}
