using System.Runtime.InteropServices;
using System.Text;
using Lottery.Cuda.Driver;

namespace Lottery.UnitTests.Cuda;

/// <summary>Answers in the driver's place: notes each call, and fails those that are told to.</summary>
internal sealed class FakeDriver : IDriverCalls
{
    private ulong _next = 0x1000;

    /// <summary>The result codes of calls that fail.</summary>
    public Dictionary<string, int> Fails { get; } = [];

    /// <summary>What was called, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Of each launch, the first eight bytes of each argument that were asked for.</summary>
    public List<ulong[]> Arguments { get; } = [];

    public int Version { get; init; } = 12_040;

    public int Cards { get; init; } = 1;

    public int Major { get; init; } = 9;

    public long FreeMemory { get; init; } = 3L << 30;

    /// <summary>The number of arguments to read of a launch.</summary>
    public int Reads { get; init; }

    public int Init() => Call("Init");

    public int DriverGetVersion(out int version)
    {
        version = Version;
        return Call("DriverGetVersion");
    }

    public int DeviceGetCount(out int count)
    {
        count = Cards;
        return Call("DeviceGetCount");
    }

    public int DeviceGet(out int device, int ordinal)
    {
        device = ordinal;
        return ordinal < Cards ? Call("DeviceGet") : 101;
    }

    public int DeviceGetName(byte[] name, int length, int device)
    {
        Encoding.ASCII.GetBytes($"Card {device}\0", name);
        return Call("DeviceGetName");
    }

    public int DeviceGetAttribute(out int value, int attribute, int device)
    {
        value = attribute switch { 13 => 1_980_000, 16 => 132, 36 => 2_619_000, 37 => 5_120, 75 => Major, 97 => 200_000, _ => 0 };
        return Call("DeviceGetAttribute");
    }

    public int DeviceGetPCIBusId(byte[] id, int length, int device)
    {
        Encoding.ASCII.GetBytes($"0000:{device + 1:00}:00.0\0", id);
        return Call("DeviceGetPCIBusId");
    }

    public int DeviceTotalMem(out nuint bytes, int device)
    {
        bytes = 80u << 20;
        return Call("DeviceTotalMem");
    }

    public int PrimaryContextRetain(out nint context, int device)
    {
        context = 7;
        return Call("PrimaryContextRetain");
    }

    public int PrimaryContextRelease(int device) => Call("PrimaryContextRelease");

    public int ContextSetCurrent(nint context) => Fails.GetValueOrDefault("ContextSetCurrent");

    public int MemGetInfo(out nuint free, out nuint total)
    {
        (free, total) = ((nuint)FreeMemory, (nuint)80 << 30);
        return Call("MemGetInfo");
    }

    public int MemAlloc(out ulong address, nuint bytes)
    {
        address = _next;
        _next += bytes;
        return Call("MemAlloc");
    }

    public int MemFree(ulong address) => Call("MemFree");

    public int MemsetD32Async(ulong address, uint word, nuint words, nint stream) => Call($"MemsetD32Async {words}");

    public int MemcpyDtoDAsync(ulong to, ulong from, nuint bytes, nint stream) => Call("MemcpyDtoDAsync");

    public int MemcpyHtoDAsync(ulong to, in byte from, nuint bytes, nint stream) => Call($"MemcpyHtoDAsync {bytes}");

    public int MemcpyDtoHAsync(ref byte to, ulong from, nuint bytes, nint stream) => Call($"MemcpyDtoHAsync {bytes}");

    public int StreamCreate(out nint stream, uint flags)
    {
        stream = 11;
        return Call("StreamCreate");
    }

    public int StreamDestroy(nint stream) => Call("StreamDestroy");

    public int StreamSynchronize(nint stream) => Call("StreamSynchronize");

    public int StreamBeginCapture(nint stream, int mode) => Call("StreamBeginCapture");

    public int StreamEndCapture(nint stream, out nint graph)
    {
        graph = 13;
        return Call("StreamEndCapture");
    }

    public int GraphInstantiate(out nint executable, nint graph)
    {
        executable = 17;
        return Call("GraphInstantiate");
    }

    public int GraphLaunch(nint executable, nint stream) => Call("GraphLaunch");

    public int GraphExecDestroy(nint executable) => Call("GraphExecDestroy");

    public int GraphDestroy(nint graph) => Call("GraphDestroy");

    public int ModuleLoadData(out nint module, byte[] image)
    {
        module = 19;
        Assert.Equal(0, image[^1]);
        return Call("ModuleLoadData");
    }

    public int ModuleUnload(nint module) => Call("ModuleUnload");

    public int ModuleGetFunction(out nint function, nint module, string name)
    {
        function = 23;
        return Call($"ModuleGetFunction {name}");
    }

    public int FuncSetAttribute(nint function, int attribute, int value) => Call($"FuncSetAttribute {attribute} {value}");

    public int LaunchKernel(nint function, uint gridX, uint gridY, uint gridZ, uint threads, uint shared, nint stream, nint arguments)
    {
        Arguments.Add([.. Enumerable.Range(0, Reads).Select(i => (ulong)Marshal.ReadInt64(Marshal.ReadIntPtr(arguments, i * nint.Size)))]);
        return Call($"LaunchKernel {gridX} {gridY} {gridZ} {threads} {shared}");
    }

    private int Call(string name)
    {
        Calls.Add(name);
        return Fails.GetValueOrDefault(name.Split(' ')[0]);
    }
}
