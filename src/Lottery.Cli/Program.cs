using Lottery.Cli;

// Asked for by scripts, so answered before anything is set up.
if (args is ["--version"])
{
    Console.WriteLine(Versions.Lottery);
    return 0;
}
int exitCode = CommandLine.Run(args, Terminal.OfProcess());
// Not by returning: after an interruption a thread may still be in the middle of a long step.
Environment.Exit(exitCode);
return exitCode;
