using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Lottery.RepositoryTests.Documentation;

/// <summary>The bounds that docs/security.md states are those of the code.</summary>
public sealed partial class SecurityDocumentTests
{
    private static readonly Type[] s_types =
    [
        .. new[] { "Lottery.Engine", "Lottery", "Lottery.Formats", "Lottery.Studies", "Lottery.Report", "Lottery.Cli" }
            .SelectMany(name => Assembly.Load(name).GetTypes()),
    ];

    public static TheoryData<string, string> Bounds =>
        new(Row().Matches(Repository.Read("docs/security.md")).Select(row => (row.Groups["most"].Value, row.Groups["constant"].Value)));

    [Theory]
    [MemberData(nameof(Bounds))]
    public void A_bound_in_the_document_is_that_of_the_code(string most, string constant)
    {
        string[] names = constant.Split('.');
        FieldInfo? field = s_types.Where(type => type.Name == names[0])
            .Select(type => type.GetField(names[1], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)).FirstOrDefault(found => found is not null);
        Assert.True(field is not null, $"docs/security.md names {constant}, which the code does not have: name the constant that took its place.");
        object value = field.GetValue(null)!;
        double found = value is TimeSpan time ? time.TotalSeconds : Convert.ToDouble(value, CultureInfo.InvariantCulture);
        Assert.True(found == Number(most), $"docs/security.md says that {constant} is {most}, but it is {value}.");
    }

    [Fact]
    public void Every_row_of_the_table_has_a_constant()
    {
        string document = Repository.Read("docs/security.md"), table = document[document.IndexOf("| constant |", StringComparison.Ordinal)..];
        string[] rows = [.. table[..table.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n').Skip(2)];
        Assert.True(rows.Length > 30);
        Assert.Equal(rows.Length, Bounds.Count);
    }

    private static double Number(string text)
    {
        string[] parts = text.Split(' ');
        double factor = parts.Length == 1 ? 1 : parts[1] switch { "KiB" => 1 << 10, "MiB" => 1 << 20, "GiB" => 1 << 30, "s" => 1, var unit => throw new FormatException(unit) };
        return factor * double.Parse(parts[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\|[^|\n]*\|[^|\n]*\| (?<most>[\d,]+(?: [A-Za-z]+)?) \| `(?<constant>\w+\.\w+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
