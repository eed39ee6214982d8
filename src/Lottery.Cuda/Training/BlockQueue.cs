using Lottery.Cuda.Driver;

namespace Lottery.Cuda.Training;

/// <summary>A queue of a small training: what it is given is kept until something waits for it, and is then done together with what other trainings wait for.</summary>
/// <param name="fleet">What does it.</param>
internal sealed class BlockQueue(BlockFleet fleet) : ICommands
{
    private readonly List<Action<ICommands>> _before = [], _after = [];
    private BlockWork? _work;
    private bool _isDisposed;

    /// <summary>Steps or batches of this training.</summary>
    public void Run(BlockWork work)
    {
        if (_work is not null) Synchronize();
        _work = work;
    }

    /// <inheritdoc/>
    public void Run(in Launch launch)
    {
        Launch copy = launch;
        Add(commands => commands.Run(copy));
    }

    /// <inheritdoc/>
    public void Fill(ulong address, uint word, long words) => Add(commands => commands.Fill(address, word, words));

    /// <inheritdoc/>
    public void Copy(ulong to, ulong from, long bytes) => Add(commands => commands.Copy(to, from, bytes));

    /// <inheritdoc/>
    public void Write<T>(ulong to, ReadOnlySpan<T> values) where T : unmanaged
    {
        T[] copy = values.ToArray();
        Add(commands => commands.Write(to, copy));
    }

    /// <inheritdoc/>
    public void Read<T>(ulong from, Span<T> values) where T : unmanaged
    {
        var read = new T[values.Length];
        Add(commands => commands.Read(from, read.AsSpan()));
        Synchronize();
        read.CopyTo(values);
    }

    /// <inheritdoc/>
    public IGraph Record(Action<ICommands> commands) => throw new InvalidOperationException("A training in a block records nothing.");

    /// <inheritdoc/>
    public void Synchronize()
    {
        if (_before.Count == 0 && _work is null) return;
        try
        {
            fleet.Run(_before, _work, _after);
        }
        finally
        {
            Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Clear();
        fleet.Leave();
    }

    private void Add(Action<ICommands> command) => (_work is null ? _before : _after).Add(command);

    private void Clear()
    {
        _before.Clear();
        _after.Clear();
        _work = null;
    }
}
