using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Lottery.Cuda.Driver;

namespace Lottery.Cuda.Training;

/// <summary>What some blocks do for a training: steps, or batches of an evaluation that they share.</summary>
/// <param name="Kernel">The kernel of Kernels/block.cu.</param>
/// <param name="Shared">Bytes of shared memory of a block.</param>
/// <param name="Training">The address of what the kernel is given of the training.</param>
/// <param name="Count">Steps or batches.</param>
/// <param name="Blocks">Blocks that share them.</param>
internal readonly record struct BlockWork(string Kernel, int Shared, ulong Training, int Count, int Blocks);

/// <summary>
/// Runs the work of many small trainings, each with a queue and a thread of its own. What several have given by the time that one of the
/// card's streams is free becomes one launch there, a block each: a card runs kernels of a few streams only side by side, and a thread that
/// waits for a card keeps a processor busy.
/// </summary>
/// <remarks>
/// A thread that finds a stream free serves with it those that wait, itself among them or not; then it hands the stream to the thread that
/// has waited longest. No thread is the fleet's own.
/// </remarks>
/// <param name="device">The card.</param>
internal sealed class BlockFleet(IDevice device)
{
    /// <summary>Streams: as many as a card runs side by side unless the environment says otherwise.</summary>
    private const int Streams = 8;

    /// <summary>The most blocks of a launch.</summary>
    private const int MostBlocks = 1024;

    private readonly Lock _gate = new();
    private readonly List<Request> _waiting = [];
    private readonly Stack<Stream> _free = [];
    private ImmutableArray<Stream> _streams = [];
    private int _queues;

    /// <summary>Trainings whose work no stream has taken yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>A queue of a training.</summary>
    /// <exception cref="DeviceException">The card has no memory for it, or cannot be used.</exception>
    public BlockQueue NewQueue()
    {
        lock (_gate)
        {
            if (_queues == 0)
            {
                try
                {
                    for (int i = 0; i < Streams; i++) _streams = _streams.Add(new(device));
                }
                catch
                {
                    Close();
                    throw;
                }
                foreach (Stream stream in _streams) _free.Push(stream);
            }
            _queues++;
        }
        return new(this);
    }

    /// <summary>Does what a queue was given, and returns when it is done.</summary>
    /// <param name="before">Commands before the work.</param>
    /// <param name="work">The work, which those of other trainings join; null for none.</param>
    /// <param name="after">Commands after it.</param>
    /// <exception cref="DeviceException">The card failed.</exception>
    internal void Run(IReadOnlyList<Action<ICommands>> before, BlockWork? work, IReadOnlyList<Action<ICommands>> after)
    {
        var request = new Request(before, work, after);
        Stream? stream;
        lock (_gate)
        {
            _waiting.Add(request);
            _free.TryPop(out stream);
        }
        while (!request.IsDone)
        {
            if (stream is not null) Serve(stream);
            stream = request.Wait();
        }
        // Done by another while a stream was handed to it.
        if (stream is not null) HandOn(stream);
        request.Fault?.Throw();
    }

    /// <summary>A queue has ended.</summary>
    internal void Leave()
    {
        lock (_gate)
            if (--_queues == 0) Close();
    }

    private void Close()
    {
        foreach (Stream stream in _streams) stream.Dispose();
        _streams = [];
        _free.Clear();
    }

    /// <summary>Does what waits, or a part of it, and hands the stream on.</summary>
    private void Serve(Stream stream)
    {
        ImmutableArray<Request> group = Take();
        ExceptionDispatchInfo? fault = null;
        try
        {
            if (group.Length > 0) stream.Do(group);
        }
        catch (Exception exception)
        {
            fault = ExceptionDispatchInfo.Capture(exception);
        }
        HandOn(stream);
        foreach (Request request in group) request.End(fault);
    }

    private void HandOn(Stream stream)
    {
        lock (_gate)
        {
            if (_waiting.FirstOrDefault(request => !request.HasStream) is { } next) next.Give(stream);
            else _free.Push(stream);
        }
    }

    /// <summary>All that wait for the kernel of the one that has waited longest.</summary>
    private ImmutableArray<Request> Take()
    {
        lock (_gate)
        {
            int blocks = 0;
            string? kernel = null;
            var taken = ImmutableArray.CreateBuilder<Request>();
            for (int i = 0; i < _waiting.Count;)
            {
                Request request = _waiting[i];
                if (request.Work is { } work && (work.Kernel != (kernel ??= work.Kernel) || blocks + work.Blocks > MostBlocks))
                {
                    i++;
                    continue;
                }
                blocks += request.Work?.Blocks ?? 0;
                taken.Add(request);
                _waiting.RemoveAt(i);
            }
            return taken.ToImmutable();
        }
    }

    /// <summary>What a training waits for.</summary>
    private sealed class Request(IReadOnlyList<Action<ICommands>> before, BlockWork? work, IReadOnlyList<Action<ICommands>> after)
    {
        private readonly object _gate = new();
        private Stream? _given;

        public IReadOnlyList<Action<ICommands>> Before => before;

        public BlockWork? Work => work;

        public IReadOnlyList<Action<ICommands>> After => after;

        public bool IsDone { get; private set; }

        /// <summary>Whether a stream was given to the thread that waits.</summary>
        public bool HasStream { get; private set; }

        public ExceptionDispatchInfo? Fault { get; private set; }

        /// <summary>Waits until it is done, or until there is a stream for the thread.</summary>
        /// <returns>The stream.</returns>
        public Stream? Wait()
        {
            lock (_gate)
            {
                while (!IsDone && _given is null) Monitor.Wait(_gate);
                Stream? given = _given;
                _given = null;
                HasStream = false;
                return given;
            }
        }

        public void Give(Stream stream)
        {
            lock (_gate)
            {
                _given = stream;
                HasStream = true;
                Monitor.Pulse(_gate);
            }
        }

        public void End(ExceptionDispatchInfo? fault)
        {
            lock (_gate)
            {
                Fault = fault;
                IsDone = true;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>A stream, and what the blocks of its launch read.</summary>
    private sealed class Stream : IDisposable
    {
        private readonly ICommands _commands;
        private readonly DeviceMemory _blocks;

        public Stream(IDevice device)
        {
            _commands = device.NewStream();
            try
            {
                _blocks = device.Allocate((long)MostBlocks * Marshal.SizeOf<Block>());
            }
            catch
            {
                _commands.Dispose();
                throw;
            }
        }

        public void Do(ImmutableArray<Request> group)
        {
            foreach (Request request in group)
                foreach (Action<ICommands> command in request.Before) command(_commands);
            BlockWork[] works = [.. group.Select(request => request.Work).OfType<BlockWork>()];
            if (works.Length > 0)
            {
                Block[] blocks = [.. works.SelectMany(work => Enumerable.Range(0, work.Blocks).Select(i => new Block(work.Training, work.Count, i, work.Blocks)))];
                _commands.Write(_blocks.Address, blocks);
                _commands.Run(new(works[0].Kernel, blocks.Length, 1, 1, BlockTraining.Threads, works.Max(work => work.Shared), [_blocks.Address]));
            }
            foreach (Request request in group)
                foreach (Action<ICommands> command in request.After) command(_commands);
            _commands.Synchronize();
        }

        public void Dispose()
        {
            _blocks.Dispose();
            _commands.Dispose();
        }
    }

    /// <summary>The struct of the same name in Kernels/block.cu.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Block(ulong Training, int Count, int Index, int Blocks);
}
