using Lottery.Census;

// ./dev census [DIR]: measures the source tree at DIR, which may be an older one.
string folder = args is [var directory] ? directory : Environment.CurrentDirectory;
var tree = new SourceTree(folder);
if (!tree.Sources.Any())
{
    Console.Error.WriteLine($"census: {folder} has no C# sources below src/.");
    return 2;
}
(string Measure, string Value, string Target)[] rows = [.. Measures.Of(tree)];
int first = rows.Max(row => row.Measure.Length), second = rows.Max(row => row.Value.Length);
Console.WriteLine($"| {"".PadRight(first)} | {"measured".PadRight(second = Math.Max(second, 8))} | target |");
Console.WriteLine($"|{new string('-', first + 2)}|{new string('-', second + 2)}|---|");
foreach ((string measure, string value, string target) in rows)
    Console.WriteLine($"| {measure.PadRight(first)} | {value.PadRight(second)} | {target} |");
return 0;
