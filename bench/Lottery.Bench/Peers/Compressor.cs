using System.ComponentModel;
using System.Diagnostics;

namespace Lottery.Bench.Peers;

/// <summary>A compressor of the system.</summary>
internal static class Compressor
{
    /// <summary>How many bytes it makes of <paramref name="bytes"/>; null where it is not installed.</summary>
    public static int? Length(string program, byte[] bytes, params string[] options)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, options) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            using var compressed = new MemoryStream();
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(compressed);
            using (Stream input = process.StandardInput.BaseStream) input.Write(bytes);
            reading.Wait();
            process.WaitForExit();
            return process.ExitCode == 0 ? (int)compressed.Length : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
