using System.Text;
using Lottery.Studies.Store.Files;

namespace Lottery.Torture;

/// <summary>Ends its own process at one of its store's calls, and notes in a file which runs it trained to the end.</summary>
internal sealed class WorkerWatch : DiskWatch
{
    /// <summary>The first word of a line when a process begins, has trained a run, or ends: then the number of its calls follows.</summary>
    public const string Began = "began", Trained = "trained", Ended = "ended";

    private readonly Lock _lock = new();
    private readonly string _log;
    private readonly int _at, _later;
    private int _calls;

    /// <summary>Begins to watch.</summary>
    /// <param name="store">The store.</param>
    /// <param name="log">The file; several processes add lines to it.</param>
    /// <param name="at">The call, counted from 1, at which the process ends; 0 for none.</param>
    /// <param name="later">So many milliseconds after that call; 0: in its place, and a write is half done.</param>
    public WorkerWatch(string store, string log, int at, int later) : base(store)
    {
        (_log, _at, _later) = (log, at, later);
        AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
        {
            if (thrown.Exception is HalfWritten) Signals.Kill(Environment.ProcessId);
        };
    }

    public override Exception? Before(DiskStep step, ref int length)
    {
        lock (_lock)
        {
            if (_calls++ == 0) Note($"{Began} {Environment.ProcessId}");
            if (step.Call == DiskCall.CreateFolder && Path.GetFileName(step.Path).StartsWith("staged-", StringComparison.Ordinal))
                Note($"{Trained} {Path.GetFileName(Path.GetDirectoryName(step.Path))}");
            if (_calls != _at) return null;
            if (_later > 0)
            {
                new Thread(EndLater) { IsBackground = true }.Start();
                return null;
            }
            if (step.Call == DiskCall.Write)
            {
                length /= 2;
                return new HalfWritten();
            }
            Signals.Kill(Environment.ProcessId);
            return null;
        }
    }

    /// <summary>Notes how many calls there were.</summary>
    public void NoteEnd() => Note($"{Ended} {_calls}");

    private void EndLater()
    {
        Thread.Sleep(_later);
        Signals.Kill(Environment.ProcessId);
    }

    private void Note(string line)
    {
        using var stream = new FileStream(_log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        stream.Write(Encoding.ASCII.GetBytes(line + "\n"));
    }

    /// <summary>A half was written; the process ends when this is thrown, before anything is made of it.</summary>
    private sealed class HalfWritten : Exception;
}
