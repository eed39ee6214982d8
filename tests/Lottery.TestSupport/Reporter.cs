namespace Lottery.TestSupport;

/// <summary>Calls a function on the reporting thread; <see cref="Progress{T}"/> would call it later, on another.</summary>
internal sealed class Reporter<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
