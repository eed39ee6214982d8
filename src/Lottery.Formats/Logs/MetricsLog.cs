using System.Collections.Immutable;

namespace Lottery.Formats.Logs;

/// <summary>Where the metrics of runs are written for programs that draw them.</summary>
internal abstract class MetricsLog : IDisposable
{
    private const string TensorBoard = "tensorboard:", JsonLines = "jsonl:";

    /// <summary>The forms of a target.</summary>
    public const string Forms = "tensorboard:DIR|jsonl:FILE";

    /// <summary>The log that a target names: <c>tensorboard:DIR</c> or <c>jsonl:FILE</c>.</summary>
    /// <exception cref="UserException">The target has another form, or cannot be written.</exception>
    public static MetricsLog Create(string target)
    {
        try
        {
            if (target.StartsWith(TensorBoard, StringComparison.Ordinal) && target.Length > TensorBoard.Length) return new TensorBoardLog(target[TensorBoard.Length..]);
            if (target.StartsWith(JsonLines, StringComparison.Ordinal) && target.Length > JsonLines.Length) return new JsonLinesLog(target[JsonLines.Length..]);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserException($"--log {target} cannot be written ({refusal.Message.TrimEnd('.')}); name another folder or file.", refusal);
        }
        throw new UserException($"--log is '{target}'; give tensorboard:DIR or jsonl:FILE.");
    }

    /// <summary>Writes numbers of a run at a step. Numbers that are not finite are left out.</summary>
    public abstract void Write(LoggedRun run, int step, DateTimeOffset time, string kind, ImmutableArray<(string Name, double Value)> metrics);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>A run, as a log tells it apart from others.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">A name that can be one of a folder.</param>
/// <param name="Facts">What it is: texts and integers.</param>
internal sealed record LoggedRun(string Id, string Name, ImmutableArray<(string Name, object Value)> Facts);
