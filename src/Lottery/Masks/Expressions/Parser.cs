using System.Collections.Immutable;
using System.Globalization;

namespace Lottery.Masks.Expressions;

/// <summary>
/// Reads an expression, by recursive descent:
/// <c>sum = product { (+|-) product }</c>, <c>product = factor { (*|/) factor }</c>,
/// <c>factor = - factor | number | name | name ( sum [, sum] ) | ( sum )</c>. Expressions are evaluated, never compiled or run as code.
/// </summary>
internal sealed class Parser
{
    /// <summary>Maximum length of an expression, in characters.</summary>
    public const int MaxCharacters = 1_000;

    /// <summary>Maximum nesting of parentheses, functions and signs.</summary>
    public const int MaxDepth = 50;

    private readonly string _text;
    private readonly ImmutableArray<Token> _tokens;
    private int _next, _depth;

    private Parser(string text) => (_text, _tokens) = (text, Token.Of(text));

    /// <summary>Parses an expression.</summary>
    /// <exception cref="UserException">The text is not an expression; the message names the column and what was expected there.</exception>
    public static ExpressionNode Parse(string text)
    {
        if (text.Length > MaxCharacters)
            throw new UserException(string.Create(CultureInfo.InvariantCulture,
                $"An expression of {text.Length:N0} characters is too long: write at most {MaxCharacters:N0}."));
        var parser = new Parser(text);
        ExpressionNode root = parser.Sum();
        return parser.Ahead.Kind == TokenKind.End ? root : throw parser.Expected("an operator or the end");
    }

    private Token Ahead => _tokens[_next];

    private ExpressionNode Sum() => LeftToRight(Product, "+", "-");

    private ExpressionNode Product() => LeftToRight(Factor, "*", "/");

    // Operators of equal precedence associate to the left.
    private ExpressionNode LeftToRight(Func<ExpressionNode> operand, string first, string second)
    {
        ExpressionNode value = operand();
        while (Ahead is { Kind: TokenKind.Mark } mark && (mark.Text == first || mark.Text == second))
        {
            _next++;
            ExpressionOperation operation = ExpressionOperation.Operators.Single(known => known.Name == mark.Text);
            value = new Application(mark.Column, operation, [value, operand()]);
        }
        return value;
    }

    private ExpressionNode Factor()
    {
        Token token = Ahead;
        if (_depth++ > MaxDepth)
            throw Wrong(token, $"parentheses, functions and signs may be nested at most {MaxDepth} deep");
        ExpressionNode value = token switch
        {
            { Kind: TokenKind.Number } => Number(),
            { Kind: TokenKind.Name } => Named(),
            { Text: "-" } => Negated(),
            { Text: "(" } => Bracketed(),
            _ => throw Expected("a number, a name, '-' or '('"),
        };
        _depth--;
        return value;
    }

    private Number Number()
    {
        Token token = _tokens[_next++];
        double value = token.Value;
        return double.IsFinite(value) ? new(value) : throw Wrong(token, $"{token.Text} is too large a number");
    }

    private Application Negated()
    {
        Token sign = _tokens[_next++];
        return new(sign.Column, ExpressionOperation.Negation, [Factor()]);
    }

    private ExpressionNode Bracketed()
    {
        _next++;
        ExpressionNode value = Sum();
        Take(")", "an operator or ')'");
        return value;
    }

    private ExpressionNode Named()
    {
        Token name = _tokens[_next++];
        foreach ((string known, Func<Operands, double> read) in Vocabulary.Variables)
            if (known == name.Text) return new Variable(read);
        return ExpressionOperation.Functions.FirstOrDefault(known => known.Name == name.Text) is { } function
            ? new Application(name.Column, function, Arguments(function))
            : throw Wrong(name, $"'{name.Text}' is not a known name" + Advice(name.Text));
    }

    private static string Advice(string name) => Suggestion.Nearest(name, Vocabulary.Words) is { } nearest
        ? $", did you mean '{nearest}'?"
        : $"; the known names are {string.Join(", ", Vocabulary.Words)}";

    private ImmutableArray<ExpressionNode> Arguments(ExpressionOperation function)
    {
        Take("(", $"'(' after {function.Name}");
        ExpressionNode first = Sum();
        if (function.Arity == 1)
        {
            Take(")", $"an operator or ')' ({function.Name} takes one value)");
            return [first];
        }
        Take(",", $"an operator or ',' ({function.Name} takes two values)");
        ExpressionNode second = Sum();
        Take(")", $"an operator or ')' ({function.Name} takes two values)");
        return [first, second];
    }

    private void Take(string mark, string expected)
    {
        if (Ahead.Kind != TokenKind.Mark || Ahead.Text != mark) throw Expected(expected);
        _next++;
    }

    private UserException Expected(string what) => Wrong(Ahead, $"{what} is expected, not {Ahead.Quoted}");

    private UserException Wrong(Token at, string what) => new(string.Create(CultureInfo.InvariantCulture,
        $"The expression '{_text}' is wrong at column {at.Column}: {what}{(what.EndsWith('?') ? "" : ".")}"));
}
