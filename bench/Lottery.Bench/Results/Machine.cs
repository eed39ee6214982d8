using System.Globalization;
using Lottery.Cli.Output;
using Lottery.Kernels;

namespace Lottery.Bench.Results;

/// <summary>Where and with what it was measured.</summary>
internal sealed record Machine(
    string Processor, string Features, int Cores, string System, string Runtime, string Lottery, string Kernels, string Date)
{
    public static Machine Here { get; } = new(
        Cli.Commands.Processor.Name, string.Join(' ', Cli.Commands.Processor.Features), Environment.ProcessorCount, Versions.System, Versions.Runtime,
        Versions.Lottery, KernelRegistry.Chosen, DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>The processor's name as the name of a file.</summary>
    public string Slug =>
        string.Join('-', string.Concat(Processor.ToLowerInvariant().Replace("(r)", "").Replace("(tm)", "")
            .Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
