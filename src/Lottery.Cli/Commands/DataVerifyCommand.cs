using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Data;
using Lottery.Report.Tables;

namespace Lottery.Cli.Commands;

/// <summary>Compares sets that are here with what they should be.</summary>
internal sealed class DataVerifyCommand : Verb
{
    private readonly Argument<string[]> _names = new("SET")
    {
        Description = "Names from `lottery data list`; all that are here where none is given.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public DataVerifyCommand(Terminal terminal)
        : base("verify", "Compare data sets with what is officially known of them.", "lottery data verify fashion-mnist", terminal) => Add(_names);

    protected override int Run(ParseResult parsed)
    {
        var locator = DatasetLocator.FromEnvironment();
        string[] names = parsed.GetValue(_names) is { Length: > 0 } given ? given
            : [.. KnownSet.All.Where(set => locator.Find(set) is not null).Select(set => set.Name)];
        DatasetStatus[] sets = [.. names.Select(name => DataVerify.Verify(name, locator))];
        if (parsed.GetValue(Common.Json)) Write(new JsonArray([.. sets.Select(DataJson.Of)]));
        else Write(TextGrid.Lines([["set", "file", "state"], .. sets.SelectMany(Cells)]));
        DatasetStatus[] damaged = [.. sets.Where(set => !set.IsWhole)];
        if (damaged.Length > 0)
            throw new UserException(
                $"{string.Join(" and ", damaged.Select(set => $"{set.Set.Name} in {set.Location!.Folder}"))} is not what it should be; "
                + $"`lottery data get {damaged[0].Set.Name}` downloads it.", 1);
        return 0;
    }

    private static IEnumerable<string[]> Cells(DatasetStatus set) =>
        set.Files.Zip(set.Set.Files, (file, known) => new[] { set.Set.Name, file.Path ?? file.Name, file.Fault ?? Good(known) });

    private static string Good(KnownFile known) => known.Sha256 is null ? "as long as it should be" : "as it should be";
}
