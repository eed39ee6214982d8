using System.Globalization;

namespace Lottery;

/// <summary>What <c>--debug</c> writes: what was decided, claimed, waited for and tried again, and when. Nothing depends on it.</summary>
internal static class DebugLog
{
    private static readonly AsyncLocal<Action<string>?> s_writer = new();

    /// <summary>True if lines are written; a text that takes time to make is made only then.</summary>
    public static bool IsOn => s_writer.Value is not null;

    /// <summary>Writes the lines of this thread, and of those that it starts from now on; null writes none.</summary>
    public static void To(Action<string>? writer) => s_writer.Value = writer;

    /// <summary>Writes a line: the time, who writes, and what.</summary>
    /// <param name="who">A word, as in <c>scheduler</c>.</param>
    /// <param name="what">What happened.</param>
    public static void Write(string who, string what)
    {
        if (s_writer.Value is not { } write) return;
        string time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        string thread = Thread.CurrentThread.Name is { Length: > 0 } name ? $" ({name})" : "";
        write($"{time} {who}{thread}: {what}");
    }
}
