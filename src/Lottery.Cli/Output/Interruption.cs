using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lottery.Cli.Output;

/// <summary>Turns Ctrl-C and SIGTERM into a cancellation while resumable work is running.</summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan s_patienceWithTime = TimeSpan.FromMinutes(2);
    private readonly CancellationTokenSource _source = new();
    private PosixSignalRegistration[] _registrations = [];
    private Timer? _timer;
    private long _since;

    /// <summary>How long cancelled work may take to stop; 0.7 s unless it is set.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>
    /// False for work that several signals ask to stop at the same time, as Slurm and the script of a task do: then the first alone counts,
    /// and who cannot wait kills the process.
    /// </summary>
    public bool EndsBySecond { get; set; } = true;

    /// <summary>
    /// True when cancelled work has not stopped within <see cref="Patience"/>. The process may end all the same: whatever is finished or
    /// checkpointed is on disk.
    /// </summary>
    public bool IsOverdue => Token.IsCancellationRequested && Stopwatch.GetElapsedTime(_since) > Patience;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>True if it was no signal that cancelled the work, but its time was up.</summary>
    public bool IsTimeUp { get; private set; }

    /// <summary>128 + the signal's number, the convention of shells; 130 before any signal.</summary>
    public int ExitCode { get; private set; } = 130;

    /// <summary>From now on the first signal cancels <see cref="Token"/>; a second one ends the process at once, unless <see cref="EndsBySecond"/> is false.</summary>
    public void Watch() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, 130)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, 143)),
    ];

    /// <summary>Cancels <see cref="Token"/> after some time, unless this was asked for before.</summary>
    public void StopAfter(TimeSpan time) => _timer ??= new(_ =>
    {
        if (_source.IsCancellationRequested) return;
        IsTimeUp = true;
        Patience = s_patienceWithTime;
        _since = Stopwatch.GetTimestamp();
        _source.Cancel();
    }, null, time < TimeSpan.Zero ? TimeSpan.Zero : time, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context, int exitCode)
    {
        context.Cancel = !_source.IsCancellationRequested || !EndsBySecond;
        if (_source.IsCancellationRequested) return;
        ExitCode = exitCode;
        _since = Stopwatch.GetTimestamp();
        _source.Cancel();
    }
}
