using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lottery.Cli;

/// <summary>Ctrl-C and SIGTERM, turned into a cancellation while work that keeps its place is under way.</summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(700);
    private readonly CancellationTokenSource _source = new();
    private PosixSignalRegistration[] _registrations = [];
    private long _since;

    /// <summary>
    /// True when work that was asked to stop has not done so in good time: nothing is lost by ending without it, since
    /// what is finished or checkpointed is on the disk.
    /// </summary>
    public bool IsOverdue => Token.IsCancellationRequested && Stopwatch.GetElapsedTime(_since) > s_patience;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>128 + the signal's number, as shells report it; 130 before any.</summary>
    public int ExitCode { get; private set; } = 130;

    /// <summary>From here on the first signal cancels; the second ends the process as it would have without us.</summary>
    public void Watch() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, 130)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, 143)),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context, int exitCode)
    {
        if (_source.IsCancellationRequested) return;
        context.Cancel = true;
        ExitCode = exitCode;
        _since = Stopwatch.GetTimestamp();
        _source.Cancel();
    }
}
