using System.Runtime.InteropServices;

namespace Lottery.Torture;

/// <summary>Signals that a process cannot handle.</summary>
internal static class Signals
{
    private static readonly bool s_isMac = OperatingSystem.IsMacOS();

    /// <summary>Ends a process at once: nothing of it runs any more.</summary>
    public static void Kill(int process) => Send(process, 9);

    /// <summary>Stops a process, which stays there.</summary>
    public static void Stop(int process) => Send(process, s_isMac ? 17 : 19);

    /// <summary>Lets a stopped process go on.</summary>
    public static void Continue(int process) => Send(process, s_isMac ? 19 : 18);

    private static void Send(int process, int signal)
    {
        if (SendSignal(process, signal) != 0) throw new InvalidOperationException($"Signal {signal} could not be sent to process {process}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
