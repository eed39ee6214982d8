using Lottery.Cli;

// Asked for by scripts, so answered before anything is set up.
if (args is ["--version"])
{
    Console.WriteLine(Versions.Lottery);
    return 0;
}
using var terminal = Terminal.OfProcess();
return CommandLine.Run(args, terminal);
