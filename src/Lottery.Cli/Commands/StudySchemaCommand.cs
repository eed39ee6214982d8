using System.CommandLine;
using Lottery.Cli.Output;
using Lottery.Studies.Files;

namespace Lottery.Cli.Commands;

/// <summary>The schema by which editors complete and check study files.</summary>
internal sealed class StudySchemaCommand(Terminal terminal)
    : LotteryCommand("schema", "Print the JSON schema of study files, for editors.", "lottery study schema", terminal)
{
    protected override int Run(ParseResult parsed)
    {
        Terminal.WriteLine(StudySchema.Text.TrimEnd());
        return 0;
    }
}
