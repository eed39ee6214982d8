using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Lottery.Masks.Expressions;

internal enum TokenKind { Number, Name, Mark, End }

/// <summary>A number, a name, an operator, a parenthesis or a comma of an expression; or its end.</summary>
/// <param name="Kind">Number, name, mark or end.</param>
/// <param name="Text">The characters; empty at the end.</param>
/// <param name="Column">The column of its first character, from 1.</param>
internal readonly partial record struct Token(TokenKind Kind, string Text, int Column)
{
    /// <summary>The token as errors quote it.</summary>
    public string Quoted => Kind == TokenKind.End ? "the end" : $"'{Text}'";

    /// <summary>The value of a number; infinity where it is too large.</summary>
    public double Value => double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The tokens of a text, the end last; any other character is a mark.</summary>
    public static ImmutableArray<Token> Of(string text) =>
    [
        .. Pattern().Matches(text).Where(match => !match.Groups["space"].Success).Select(match => new Token(
            KindOf(match.Groups), match.Value, match.Index + 1)),
        new(TokenKind.End, "", text.Length + 1),
    ];

    private static TokenKind KindOf(GroupCollection groups) =>
        groups["number"].Success ? TokenKind.Number : groups["name"].Success ? TokenKind.Name : TokenKind.Mark;

    [GeneratedRegex(
        @"(?<space>[ \t]+)|(?<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?<name>[A-Za-z_][A-Za-z0-9_]*)"
        + @"|[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S]")]
    private static partial Regex Pattern();
}
