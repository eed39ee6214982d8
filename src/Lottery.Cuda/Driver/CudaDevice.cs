using System.Collections.Concurrent;
using System.Text;

namespace Lottery.Cuda.Driver;

/// <summary>A card, through its driver alone. Its context is the process's primary one; any thread may use it.</summary>
internal sealed class CudaDevice : IDevice
{
    /// <summary>What a block gets without asking: beyond it a kernel must be told.</summary>
    private const int PlainSharedBytes = 48 << 10;

    private const int SharedAttribute = 8, MultiprocessorsAttribute = 16, MostSharedAttribute = 97;

    private readonly IDriverCalls _driver;
    private readonly int _device;
    private readonly nint _context;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Function> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (PtxModule Ptx, nint Module)> _modules = new(StringComparer.Ordinal);
    private readonly int _mostShared;
    private readonly Lazy<Func<int?>> _utilization;
    private bool _disposed;

    /// <summary>A card by its number.</summary>
    /// <exception cref="DeviceException">There is no driver, or no such card, or it cannot be used.</exception>
    public CudaDevice(int ordinal = 0, IDriverCalls? driver = null, IManagementCalls? management = null)
    {
        _driver = driver ?? new NativeDriver();
        _utilization = new(() => FindUtilization(management ?? new NativeManagement()));
        CardList.Start(_driver);
        DriverErrors.Check(_driver.DeviceGet(out _device, ordinal), "looking for a card");
        Name = NameOf(_driver, _device);
        if (!CardList.CapabilityOf(_driver, _device).Suffices) throw DriverErrors.Exception(209, "starting", Name);
        Check(_driver.DeviceGetAttribute(out int multiprocessors, MultiprocessorsAttribute, _device), "telling its size");
        Check(_driver.DeviceGetAttribute(out _mostShared, MostSharedAttribute, _device), "telling its size");
        Multiprocessors = multiprocessors;
        Check(_driver.DeviceTotalMem(out nuint total, _device), "telling its memory");
        TotalBytes = (long)total;
        Check(_driver.PrimaryContextRetain(out _context, _device), "starting");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Multiprocessors { get; }

    /// <inheritdoc/>
    public long TotalBytes { get; }

    /// <inheritdoc/>
    public int? Utilization => _utilization.Value();

    /// <inheritdoc/>
    public DeviceException? Failure { get; private set; }

    /// <inheritdoc/>
    public int SharedBytes => _mostShared;

    /// <inheritdoc/>
    public long FreeBytes
    {
        get
        {
            Enter();
            Check(_driver.MemGetInfo(out nuint free, out _), "telling its free memory");
            return (long)free;
        }
    }

    /// <summary>The name of a card.</summary>
    internal static string NameOf(IDriverCalls driver, int device)
    {
        var name = new byte[256];
        DriverErrors.Check(driver.DeviceGetName(name, name.Length, device), "telling a card's name");
        return Encoding.ASCII.GetString(name).Split('\0')[0];
    }

    /// <inheritdoc/>
    public DeviceMemory Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        nuint rounded = (nuint)Math.Max(bytes + 3 & ~3L, 4);
        Enter();
        int result = _driver.MemAlloc(out ulong address, rounded);
        if (result != 0)
        {
            nuint free = 0;
            if (_driver.MemGetInfo(out nuint available, out _) == 0) free = available;
            throw DriverErrors.Exception(result, "this step", Name, (long)rounded, (long)free);
        }
        Check(_driver.MemsetD32Async(address, 0, rounded / 4, 0), "clearing memory");
        Check(_driver.StreamSynchronize(0), "clearing memory");
        return new(address, bytes, Free);
    }

    /// <inheritdoc/>
    public ICommands NewStream()
    {
        Enter();
        // 1: it does not wait for the stream that memory is cleared in.
        Check(_driver.StreamCreate(out nint stream, 1), "making a queue");
        return new CudaStream(this, _driver, stream);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            // What a lost card answers does not matter any more.
            _ = _driver.ContextSetCurrent(_context);
            foreach ((_, nint module) in _modules.Values) _ = _driver.ModuleUnload(module);
            _ = _driver.PrimaryContextRelease(_device);
        }
    }

    /// <summary>Makes this card's context the calling thread's.</summary>
    internal void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(_driver.ContextSetCurrent(_context), "entering its context");
    }

    /// <summary>Throws unless a call succeeded.</summary>
    internal void Check(int result, string doing)
    {
        if (result == 0) return;
        DeviceException exception = DriverErrors.Exception(result, doing, Name);
        if (exception.Fault is DeviceFault.Lost or DeviceFault.Wrong) Failure ??= exception;
        throw exception;
    }

    /// <summary>The kernel of a launch, which is loaded when it is first asked for.</summary>
    internal nint FunctionOf(in Launch launch)
    {
        if (!_functions.TryGetValue(launch.Kernel, out Function? function)) function = Load(launch);
        function.Ptx.Check(launch);
        if (launch.Shared > Volatile.Read(ref function.Shared)) Enlarge(function, launch);
        return function.Handle;
    }

    private Function Load(in Launch launch)
    {
        lock (_gate)
        {
            if (_functions.TryGetValue(launch.Kernel, out Function? known)) return known;
            if (!_modules.TryGetValue(launch.Family, out (PtxModule Ptx, nint Module) loaded))
            {
                var ptx = PtxModule.Get(launch.Family);
                Check(_driver.ModuleLoadData(out nint module, ptx.Image), $"loading the kernels '{launch.Family}'");
                _modules[launch.Family] = loaded = (ptx, module);
            }
            loaded.Ptx.Check(launch);
            Check(_driver.ModuleGetFunction(out nint handle, loaded.Module, launch.Name), $"finding the kernel '{launch.Kernel}'");
            return _functions[launch.Kernel] = new(handle, loaded.Ptx.Kernels[launch.Name]);
        }
    }

    private void Enlarge(Function function, in Launch launch)
    {
        lock (_gate)
        {
            if (launch.Shared <= function.Shared) return;
            if (launch.Shared > _mostShared)
                throw new DeviceException(DeviceFault.Missing,
                    $"{Name} has {_mostShared:N0} bytes of shared memory a block, and the kernel '{launch.Kernel}' needs {launch.Shared:N0}; use --device cpu.");
            Check(_driver.FuncSetAttribute(function.Handle, SharedAttribute, launch.Shared), $"giving the kernel '{launch.Kernel}' its shared memory");
            Volatile.Write(ref function.Shared, launch.Shared);
        }
    }

    /// <summary>What asks the management library; where that is not there, nothing is known.</summary>
    private Func<int?> FindUtilization(IManagementCalls management)
    {
        var id = new byte[32];
        return _driver.DeviceGetPCIBusId(id, id.Length, _device) == 0 && management.Init() == 0
            && management.DeviceByBusId(Encoding.ASCII.GetString(id).Split('\0')[0], out nint device) == 0
            ? () => management.Utilization(device, out int percent) == 0 ? percent : null
            : static () => null;
    }

    private void Free(DeviceMemory memory)
    {
        if (_disposed) return;
        if (_driver.ContextSetCurrent(_context) == 0) _ = _driver.MemFree(memory.Address);
    }

    /// <summary>A loaded kernel, and the shared memory that it may use.</summary>
    private sealed class Function(nint handle, PtxKernel ptx)
    {
        public int Shared = PlainSharedBytes;

        public nint Handle { get; } = handle;

        public PtxKernel Ptx { get; } = ptx;
    }
}
