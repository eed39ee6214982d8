namespace Lottery.Cuda.Driver;

/// <summary>The functions of the driver that are used, as they are in its manual; each returns its result code. Tests answer in the driver's place.</summary>
internal interface IDriverCalls
{
    int Init();
    int DriverGetVersion(out int version);
    int DeviceGetCount(out int count);
    int DeviceGet(out int device, int ordinal);
    int DeviceGetName(byte[] name, int length, int device);
    int DeviceGetAttribute(out int value, int attribute, int device);
    int DeviceGetPCIBusId(byte[] id, int length, int device);
    int DeviceTotalMem(out nuint bytes, int device);
    int PrimaryContextRetain(out nint context, int device);
    int PrimaryContextRelease(int device);
    int ContextSetCurrent(nint context);
    int MemGetInfo(out nuint free, out nuint total);
    int MemAlloc(out ulong address, nuint bytes);
    int MemFree(ulong address);
    int MemsetD32Async(ulong address, uint word, nuint words, nint stream);
    int MemcpyDtoDAsync(ulong to, ulong from, nuint bytes, nint stream);
    int MemcpyHtoDAsync(ulong to, in byte from, nuint bytes, nint stream);
    int MemcpyDtoHAsync(ref byte to, ulong from, nuint bytes, nint stream);
    int StreamCreate(out nint stream, uint flags);
    int StreamDestroy(nint stream);
    int StreamSynchronize(nint stream);
    int StreamBeginCapture(nint stream, int mode);
    int StreamEndCapture(nint stream, out nint graph);
    int GraphInstantiate(out nint executable, nint graph);
    int GraphLaunch(nint executable, nint stream);
    int GraphExecDestroy(nint executable);
    int GraphDestroy(nint graph);
    int ModuleLoadData(out nint module, byte[] image);
    int ModuleUnload(nint module);
    int ModuleGetFunction(out nint function, nint module, string name);
    int FuncSetAttribute(nint function, int attribute, int value);
    int LaunchKernel(nint function, uint gridX, uint gridY, uint gridZ, uint threads, uint shared, nint stream, nint arguments);
}
