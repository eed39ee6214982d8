using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Lottery.Cli.Options;

/// <summary>Options whose values are checked while they are read: what is wrong is one sentence that names the option.</summary>
internal static class Values
{
    /// <summary>Reads a value; false where the text is not one.</summary>
    public delegate bool Reader<T>(string text, [MaybeNullWhen(false)] out T value);

    /// <summary>An option with one value.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="valueName">What the help calls the value.</param>
    /// <param name="description">A sentence for the help.</param>
    /// <param name="expected">What a value must be: the end of "but must be …".</param>
    /// <param name="read">Reads it.</param>
    /// <param name="fallback">The value where the option is not given.</param>
    public static Option<T> Parsed<T>(string name, string valueName, string description, string expected, Reader<T> read, T fallback) =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            DefaultValueFactory = _ => fallback,
            CustomParser = argument => Read(name, argument, expected, read, fallback),
        };

    /// <summary>An integer from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<int> Integer(string name, string description, int least, int fallback, int most = int.MaxValue)
    {
        Reader<int> read = Between(least, most);
        return new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => fallback,
            CustomParser = argument => Read(name, argument, Expected(argument, least, most), read, fallback),
        };
    }

    /// <summary>The same; null where the option is not given.</summary>
    public static Option<int?> IntegerOrNone(string name, string description, int least, int most = int.MaxValue)
    {
        Reader<int> read = Between(least, most);
        return new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = argument => Read(name, argument, Expected(argument, least, most), read, least),
        };
    }

    public static bool Unsigned(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>A number of bytes: <c>4GiB</c>, <c>500MB</c>; K, M, G and T alone are powers of 1,024, as Slurm has them.</summary>
    public static bool Size(string text, out long bytes)
    {
        string number = text.TrimEnd("KMGTBkmgtibB ".ToCharArray()), unit = text[number.Length..].Trim().ToUpperInvariant();
        int power = unit.Length == 0 || unit == "B" ? 0 : "KMGT".IndexOf(unit[0], StringComparison.Ordinal) + 1;
        bool isKnown = unit is "" or "B" || (power > 0 && unit[1..] is "" or "B" or "IB");
        bytes = 0;
        if (!isKnown || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)) return false;
        double size = count * Math.Pow(unit.Length == 2 && power > 0 ? 1_000 : 1_024, power);
        if (size is not (>= 1 and < 1e18)) return false;
        bytes = (long)size;
        return true;
    }

    /// <summary>A number of hours.</summary>
    public static bool Hours(string text, out double hours) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out hours) && hours is > 0 and <= 1_000;

    private static Reader<int> Between(int least, int most) => (string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    /// <summary>The end of "but must be …"; the limit of integers is named to those who meet it.</summary>
    private static string Expected(ArgumentResult argument, int least, int most)
    {
        string text = argument.Tokens[0].Value;
        bool isTooLarge = text.All(char.IsAsciiDigit) && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return most == int.MaxValue && !isTooLarge ? $"an integer of at least {least}" : $"an integer from {least} to {most}";
    }

    /// <summary>The value of an argument, or an error that says what it must be.</summary>
    public static T Read<T>(string name, ArgumentResult argument, string expected, Reader<T> read, T fallback)
    {
        string text = argument.Tokens[0].Value;
        if (read(text, out T? value)) return value;
        argument.AddError($"{name} is '{text}', but must be {expected}.");
        return fallback;
    }
}
