using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Lottery.Studies.Store.Files;

/// <summary>The processes of this machine, as the operating system knows them.</summary>
internal static class ProcessTable
{
    private const int NoSuchProcess = 3, StateField = 0, StartField = 19;

    /// <summary>
    /// What identifies the table itself: on Linux a hash of the machine's id, the boot of the kernel and the container's name space of process
    /// numbers, separated by spaces; else empty, because a process's start is an absolute time there.
    /// </summary>
    public static string Identity { get; } =
        OperatingSystem.IsLinux() ? $"{Hashed(Line("/etc/machine-id"))} {Line("/proc/sys/kernel/random/boot_id")} {NameSpace()}" : "";

    /// <summary>When a process started: on Linux in ticks since the boot, which no clock changes; else in universal time.</summary>
    /// <returns>Null where there is no such process, or where it has ended and only its parent has not noticed yet.</returns>
    public static long? StartOf(int process, out bool isUnknown)
    {
        isUnknown = false;
        if (!OperatingSystem.IsLinux()) return StartByTime(process, out isUnknown);
        // The name, in brackets, may have spaces and brackets itself.
        string text = Line(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length > StartField) return fields[StateField] is "Z" or "X" ? null : long.Parse(fields[StartField], CultureInfo.InvariantCulture);
        // Processes of other users may be hidden.
        isUnknown = Signal(process, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;
        return null;
    }

    private static long? StartByTime(int process, out bool isUnknown)
    {
        isUnknown = false;
        try
        {
            using var found = Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return null;
        }
        catch (Exception refusal) when (refusal is System.ComponentModel.Win32Exception or NotSupportedException)
        {
            isUnknown = true;
            return null;
        }
    }

    /// <summary>The id of a machine is not to be published as it is.</summary>
    private static string Hashed(string machine) =>
        machine.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(machine)))[..16];

    private static string NameSpace()
    {
        try
        {
            return new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Line(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            Span<byte> bytes = stackalloc byte[2048];
            return Encoding.UTF8.GetString(bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)]).Trim();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}
