using System.Text.RegularExpressions;

namespace Lottery.SystemTests.Cli;

/// <summary>What every command prints fits a screen: no line is too wide, and no word and no interval is broken.</summary>
public sealed partial class ScreenTests(ScreenTests.Prepared prepared) : IClassFixture<ScreenTests.Prepared>
{
    private static readonly string[] s_commands =
    [
        "find --network mlp:20-8-3 --data TINY --validation 100 --levels 2 --steps 20 --evaluate 10 --replicates 3 --controls reinit,random-mask --store STORE",
        "runs list --store STORE",
        "runs list --store STORE --columns id,network,data,criterion,mask1,accuracy,ended",
        "runs list --store STORE --where level=99",
        "runs show ID --store STORE",
        "runs diff ID OTHER --store STORE",
        "runs masking --store STORE",
        "runs masking wide --store STORE",
        "runs compare --store STORE",
        "runs compare wide --store STORE",
        "runs verify --store STORE",
        "study run STUDY --store STORE",
        "study show wide --store STORE",
        "study show STUDY --store STORE",
        "study plan STUDY --store STORE",
        "study list --store STORE",
        "query FROM_runs --store STORE",
        "ticket pack ID --data TINY -o TICKET --force --store STORE",
        "ticket inspect TICKET",
        "ticket verify TICKET --data TINY",
        "ticket eval TICKET --data TINY",
        "data list",
        "network list",
        "network show resnet-20",
        "network show mlp:784-300-100-10",
        "doctor --store STORE",
        // Errors and advice.
        "runs list --store NONE",
        "runs show ffff --store STORE",
        "study show none --store STORE",
        "fnd",
        "network show lenet-300-10",
    ];

    public static TheoryData<string> Commands => [.. s_commands];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Fits_and_breaks_nothing(string command)
    {
        string[] words = [.. command.Split(' ').Select(prepared.Word)];
        CommandLineRun whole = CommandLineRun.Of(words);
        HashSet<string> known = [.. Words(whole)];
        foreach (int width in (int[])[80, 120])
        {
            CommandLineRun run = CommandLineRun.OnScreen(width, words);
            Assert.Equal(whole.ExitCode, run.ExitCode);
            string[] lines = [.. run.Output.Split('\n'), .. run.Error.Split('\n')];
            Assert.All(lines, line => Assert.True(line.Length <= width, $"{width}: {line}"));
            Assert.All(lines, line => Assert.DoesNotMatch(@"\[[+−\d][^\]]*$", line));
            Assert.DoesNotContain(lines, line => line.TrimStart() is ['%', ..]);
            // Measured times differ.
            string[] broken = [.. Words(run).Where(word => !known.Contains(word) && !Harmless(word, known))];
            Assert.True(broken.Length == 0, $"{width}: {string.Join(' ', broken)}\n{run.Output}{run.Error}");
        }
    }

    [Fact]
    public void A_wide_screen_shows_every_column_in_a_line_for_each_density()
    {
        string[] lines = CommandLineRun.OnScreen(120, [.. s_commands[0].Split(' ').Select(prepared.Word)]).Output.Split('\n');
        Assert.Contains(lines, line => line.Contains("− dense", StringComparison.Ordinal) && line.Contains("early stop", StringComparison.Ordinal));
        string[] table = [.. lines.Where(line => Regex.IsMatch(line, @"^ +\d+\.\d %  (dense|ticket) "))];
        Assert.Equal(3, table.Length);
        Assert.All(table[1..], line => Assert.Equal(3, line.Count(letter => letter == '[')));
        // Each control of a density has its own line, with its differences from the dense network and from the ticket.
        string[] controls = [.. lines.Where(line => Regex.IsMatch(line, @"^ +(reinitialized|random mask) "))];
        Assert.Equal(4, controls.Length);
        Assert.All(controls, line => Assert.Equal(4, line.Count(letter => letter == '[')));
    }

    private static IEnumerable<string> Words(CommandLineRun run) => LeftOut().Replace(run.Output + run.Error, "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Numbers, marks of a plot, paths; names with hyphens may go on after one.</summary>
    private static bool Harmless(string word, HashSet<string> known) => word.Contains('/') || word.EndsWith('…') || Number().IsMatch(word)
        || known.Any(whole => whole.StartsWith(word, StringComparison.Ordinal) && word.EndsWith('-') || whole.EndsWith($"-{word}", StringComparison.Ordinal) || (word.EndsWith('-') && whole.Contains($"-{word}", StringComparison.Ordinal)));

    [GeneratedRegex(@"^[\d.,]+\)?$|^\\$|^[●○·─│┤a-n]*[●○·─│┤][●○·─│┤a-n]*$|^[a-n]$|^(all|runs:|·|columns|of|rows|and|are|shown;|--csv|or|--json|has|all\.)$")]
    private static partial Regex Number();

    [GeneratedRegex(@"Not\s+shown\s+on\s+a\s+screen\s+of\s+this\s+width:.*?--json\s+has\s+all\.", RegexOptions.Singleline)]
    private static partial Regex LeftOut();

    /// <summary>A store with a search, a study of two axes and a ticket.</summary>
    public sealed class Prepared : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly string[] _ids;

        public Prepared()
        {
            TinyImages.Write(_folder["tiny"]);
            File.WriteAllText(_folder["wide.yaml"], $$"""
                study: wide
                about: A study whose conditions have long names, for screens that are narrow
                network: mlp:20-8-3
                data: { set: {{_folder["tiny"]}}, validation: 100 }
                train: { steps: 20, evaluate: { every: 10 } }
                prune: { levels: 2 }
                matrix:
                  criterion: [large-final, magnitude-increase-same-sign, "abs(wf) - 0.5*abs(wi) + 0.25*abs(wi)"]
                  mask1: [rewind, constant-same-sign]
                replicates: 2
                """);
            CommandLineRun found = CommandLineRun.Of([.. s_commands[0].Split(' ').Select(Word), "--json"]);
            _ids = [.. found.Json["runs"]!.AsArray().Select(id => (string)id!)];
            Assert.Equal(0, CommandLineRun.Of("study", "run", _folder["wide.yaml"], "--store", _folder["store"]).ExitCode);
            Assert.Equal(0, CommandLineRun.Of("ticket", "pack", _ids[3], "--data", _folder["tiny"], "-o", _folder["a.ticket"], "--store", _folder["store"]).ExitCode);
        }

        public string Word(string word) => word switch
        {
            "TINY" => _folder["tiny"], "STORE" => _folder["store"], "NONE" => _folder["none"], "STUDY" => _folder["wide.yaml"], "TICKET" => _folder["a.ticket"],
            "ID" => _ids[3], "OTHER" => _ids[^1], "FROM_runs" => "FROM runs", _ => word,
        };

        public void Dispose() => _folder.Dispose();
    }
}
