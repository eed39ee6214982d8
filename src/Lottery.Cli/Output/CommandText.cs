namespace Lottery.Cli.Output;

/// <summary>Command lines on a screen.</summary>
internal static class CommandText
{
    /// <summary>The lines of a command: one that is too wide goes on in the next line, before an option, so that it can be pasted whole.</summary>
    /// <param name="command">The command.</param>
    /// <param name="width">Columns of the screen; null where there is none.</param>
    public static IEnumerable<string> Lines(string command, int? width)
    {
        if (width is not { } available || command.Length <= available)
        {
            yield return command;
            yield break;
        }
        string more = OperatingSystem.IsWindows() ? " ^" : " \\";
        string line = "";
        foreach (string part in Parts(command))
        {
            if (line.Length > 0 && line.Length + 1 + part.Length + more.Length > available)
            {
                yield return line + more;
                line = $"    {part}";
            }
            else line = line.Length == 0 ? part : $"{line} {part}";
        }
        yield return line;
    }

    /// <summary>The words of a command; an option keeps its value, and what is quoted stays together.</summary>
    private static IEnumerable<string> Parts(string command)
    {
        string part = "";
        char quote = '\0';
        foreach (string word in command.Split(' '))
        {
            bool begins = quote == '\0' && word.StartsWith("--", StringComparison.Ordinal);
            bool follows = part.StartsWith("--", StringComparison.Ordinal) && !part.Contains(' ', StringComparison.Ordinal);
            if (part.Length > 0 && quote == '\0' && (begins || !follows))
            {
                yield return part;
                part = word;
            }
            else part = part.Length == 0 ? word : $"{part} {word}";
            foreach (char letter in word)
                if (letter is '\'' or '"') quote = quote == letter ? '\0' : quote == '\0' ? letter : quote;
        }
        yield return part;
    }
}
