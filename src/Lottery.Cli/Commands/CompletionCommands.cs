using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Cli.Output;

namespace Lottery.Cli.Commands;

/// <summary>Prints what makes a shell complete commands, options and their values.</summary>
internal sealed class CompletionCommand : LotteryCommand
{
    private static readonly string[] s_shells = ["bash", "zsh", "fish", "powershell"];

    private readonly Argument<string> _shell = new("SHELL") { Description = $"{string.Join(", ", s_shells.SkipLast(1))} or {s_shells[^1]}." };

    public CompletionCommand(Terminal terminal)
        : base("completion", "Print what makes a shell complete commands, options and their values.", "lottery completion bash", terminal)
    {
        _shell.CompletionSources.Add(s_shells);
        Add(_shell);
    }

    protected override int Run(ParseResult parsed)
    {
        string shell = parsed.GetValue(_shell)!;
        foreach (string line in Script(Choices.Find("SHELL", shell, [.. s_shells.Select(one => (one, one))])).Split('\n')) Terminal.WriteData(line);
        return 0;
    }

    private static string Script(string shell) => shell switch
    {
        "bash" => """
            # eval "$(lottery completion bash)", or write it to a file that ~/.bashrc reads.
            _lottery() {
                local line
                COMPREPLY=()
                while IFS= read -r line; do
                    [ -n "$line" ] && COMPREPLY+=("${line%%$'\t'*}")
                done < <("$1" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
            }
            complete -o default -F _lottery lottery
            """,
        "zsh" => """
            #compdef lottery
            # lottery completion zsh > a folder of $fpath/_lottery, or eval it after compinit.
            _lottery() {
                local -a found
                local line
                while IFS= read -r line; do
                    found+=("${${line//:/\\:}/$'\t'/:}")
                done < <("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
                if (( ${#found} )); then _describe lottery found; else _files; fi
            }
            if [ "${funcstack[1]}" = _lottery ]; then _lottery "$@"; else compdef _lottery lottery; fi
            """,
        "fish" => """
            # lottery completion fish > ~/.config/fish/completions/lottery.fish
            function __lottery_complete
                set -l words (commandline -opc) (commandline -ct)
                $words[1] complete -- $words[2..-1] 2>/dev/null
            end
            complete -c lottery -a '(__lottery_complete)'
            """,
        _ => """
            # lottery completion powershell | Out-String | Invoke-Expression, in your $PROFILE.
            Register-ArgumentCompleter -Native -CommandName lottery, lottery.cmd -ScriptBlock {
                param($word, $line, $position)
                $before = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position -or $_.Extent.Text -ne $word } | ForEach-Object { $_.Extent.Text })
                $rest = @($before | Select-Object -Skip 1)
                & $before[0] complete -- @rest "$word" 2>$null | ForEach-Object {
                    $value, $about = $_ -split "`t", 2
                    if (-not $about) { $about = $value }
                    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
                }
            }
            """,
    };
}

/// <summary>What the scripts of <see cref="CompletionCommand"/> ask: the words that may follow, one a line, each with a tab and what it means.</summary>
internal sealed class CompleteCommand : LotteryCommand
{
    private readonly Argument<string[]> _words = new("WORD")
    {
        Description = "The words after the program's name, the last of which is to be completed.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public CompleteCommand(Terminal terminal) : base("complete", "Print the words that may follow.", "lottery complete -- runs l", terminal)
    {
        Hidden = true;
        Add(_words);
    }

    protected override int Run(ParseResult parsed)
    {
        string[] words = parsed.GetValue(_words) is { Length: > 0 } given ? given : [""];
        foreach ((string word, string about) in Completions.Of(parsed.RootCommandResult.Command, words))
            Terminal.WriteData(about.Length == 0 ? word : $"{word}\t{about}");
        return 0;
    }
}
