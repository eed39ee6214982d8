using Lottery.Cli;
using Lottery.Cli.Output;

// Scripts ask for the version, so it is printed before anything is set up.
if (args is ["--version"] or ["version"])
{
    Console.WriteLine(Versions.Lottery);
    return 0;
}
int exitCode = CommandLine.Run(args, Terminal.OfProcess());
// Exit instead of returning: after an interruption a thread may still be in the middle of a long step.
Environment.Exit(exitCode);
return exitCode;
