using System.Runtime.InteropServices;

namespace Lottery.Numerics;

/// <summary>
/// Zeroed memory outside the managed heap that starts on a 64-byte boundary: one cache line, one vector. Large memory lies in huge
/// pages where the system has them.
/// </summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable where T : unmanaged
{
    private const int Alignment = 64;
    private T* _start;

    /// <summary>Allocates <paramref name="length"/> values, all zero.</summary>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        nuint bytes = (nuint)Math.Max(length, 1) * (nuint)sizeof(T);
        _start = (T*)NativeMemory.AlignedAlloc(bytes, bytes < NativeHeap.HugePage ? Alignment : NativeHeap.HugePage);
        Length = length;
        NativeHeap.UseHugePages(_start, bytes);
        BufferCount? count = BufferCount.Current;
        count?.Add((long)bytes);
        // Tables of integers are filled while a plan is compiled, also one that is only measured.
        if (count is null || typeof(T) == typeof(int)) NativeMemory.Clear(_start, bytes);
    }

    /// <summary>The number of values.</summary>
    public int Length { get; }

    /// <summary>The values.</summary>
    public Span<T> Span => new(Pointer, Length);

    /// <summary>The first value; for kernels only, which check bounds before they start.</summary>
    internal T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start is null, this);
            return _start;
        }
    }

    /// <summary>Sets every value to zero.</summary>
    public void Clear() => Span.Clear();

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory of a buffer that was not disposed of.</summary>
    ~AlignedBuffer() => NativeMemory.AlignedFree(_start);
}
