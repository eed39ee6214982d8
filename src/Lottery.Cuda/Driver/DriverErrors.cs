namespace Lottery.Cuda.Driver;

/// <summary>The driver's result codes as sentences: the only place where they become exceptions.</summary>
internal static class DriverErrors
{
    /// <summary>The code of a driver library that could not be loaded.</summary>
    public const int NoLibrary = -1;

    /// <summary>The code of a driver library without a function that is called.</summary>
    public const int NoFunction = -2;

    private const int OutOfMemory = 2;

    /// <summary>Throws unless <paramref name="result"/> is success.</summary>
    /// <param name="result">What the call returned.</param>
    /// <param name="doing">What was tried, as in "loading the kernels of 'update'".</param>
    /// <param name="card">The card's name; null before it is known.</param>
    /// <param name="bytes">Of an allocation, what was asked for.</param>
    /// <param name="free">Of an allocation, what was free.</param>
    public static void Check(int result, string doing, string? card = null, long bytes = 0, long free = 0)
    {
        if (result != 0) throw Exception(result, doing, card, bytes, free);
    }

    /// <summary>The exception for a result code.</summary>
    public static DeviceException Exception(int result, string doing, string? card = null, long bytes = 0, long free = 0)
    {
        string on = card is null ? "The NVIDIA driver" : card;
        (DeviceFault fault, string message) = result switch
        {
            NoLibrary => (DeviceFault.Missing, "No NVIDIA driver was found (libcuda.so.1, on Windows nvcuda.dll); install NVIDIA's driver, or use --device cpu."),
            NoFunction or 222 or 803 => (DeviceFault.Missing, $"The NVIDIA driver is too old for these kernels; install version {OldestDriver} or later, or use --device cpu."),
            34 => (DeviceFault.Missing, "The NVIDIA driver library is a stub without a driver behind it; install NVIDIA's driver, or use --device cpu."),
            100 => (DeviceFault.Missing, "The NVIDIA driver finds no card; check 'nvidia-smi' and CUDA_VISIBLE_DEVICES, or use --device cpu."),
            101 => (DeviceFault.Missing, "There is no card of that number; 'lottery doctor' lists them."),
            46 => (DeviceFault.Missing, $"{on} is used by another process alone, or is not available; use another card, or --device cpu."),
            3 or 4 or 802 => (DeviceFault.Missing, "The NVIDIA driver has not started; check 'nvidia-smi', or use --device cpu."),
            209 or 804 or 221 => (DeviceFault.Missing, $"{on} is too old for these kernels: they need compute capability {OldestCard} (Volta) or later; use --device cpu."),
            OutOfMemory when bytes > 0 => (DeviceFault.OutOfMemory,
                $"{on} has {Mebibytes(free):N0} MiB of free memory, and {doing} needs {Mebibytes(bytes):N0} MiB; end other processes on it, train fewer runs at once, or use --device cpu."),
            OutOfMemory => (DeviceFault.OutOfMemory, $"{on} ran out of memory while {doing}; end other processes on it, train fewer runs at once, or use --device cpu."),
            214 or 220 or 226 => (DeviceFault.Lost, $"{on} reports damaged memory (error {result}) while {doing}; check 'nvidia-smi'."),
            702 => (DeviceFault.Lost, $"{on} was interrupted while {doing}, because a display uses it too and a kernel took too long; use another card, or --device cpu."),
            719 or 999 or 721 or 205 => (DeviceFault.Lost, $"{on} does not answer any more (error {result}) while {doing}; check 'nvidia-smi' and the system's log."),
            _ => (DeviceFault.Wrong, $"{on} refused {doing} with error {result} ({Name(result)}); please report this, and use --device cpu until then."),
        };
        return new(fault, message);
    }

    /// <summary>The oldest driver that has every function that is called, and knows the PTX version of the kernels, and the oldest card that they run on.</summary>
    public const string OldestDriver = "470", OldestCard = "7.0";

    private static long Mebibytes(long bytes) => bytes >> 20;

    private static string Name(int result) => result switch
    {
        1 => "invalid value", 200 => "invalid image", 201 => "invalid context", 218 => "invalid PTX", 304 => "operating system",
        400 => "invalid handle", 500 => "not found", 600 => "not ready", 700 => "illegal address", 701 => "too many resources",
        709 => "context destroyed", 710 => "assertion", 714 => "hardware stack", 715 => "illegal instruction", 716 => "misaligned address", 717 => "invalid address space",
        718 => "invalid program counter", 801 => "not supported", 900 => "unsupported in a recording", 901 => "recording broken", _ => "unknown",
    };
}
