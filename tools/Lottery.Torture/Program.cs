using System.Diagnostics;
using System.Globalization;
using Lottery.Torture;

// ./dev torture [KILLS] [SEED]: real studies whose processes are killed, stopped and multiplied; about ten minutes for 200 kills.
if (WorkerProcess.Run(args) is { } exitCode)
{
    // Exit instead of returning: other threads of the worker do not matter any more.
    Environment.Exit(exitCode);
    return exitCode;
}
int kills = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
int seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
string folder = Directory.CreateTempSubdirectory("lottery-torture-").FullName;
try
{
    var test = new TortureTest(folder, seed);
    var watch = Stopwatch.StartNew();
    int studies = test.Kill(test.Short, kills - kills / 4) + test.Kill(test.Long, kills / 4);
    Say("kills survived", $"{kills}, in {studies} studies that were completed");
    Say("runs lost", $"0");
    Console.Error.WriteLine("killing at every call of the store …");
    Say("calls of a store at which a process was killed", $"{test.KillAtEveryCall()}, each of a study of {test.Tiny.Runs} runs");
    TimeSpan one = test.Share(test.Wide, 1, kills: 0).Time;
    int cores = Environment.ProcessorCount;
    foreach (int workers in (int[])[2, 8])
    {
        TimeSpan time = test.Share(test.Wide, workers, kills: 0).Time;
        Say($"{workers} workers", $"each of {test.Wide.Runs} runs trained once; {time.TotalSeconds:f1} s, one worker {one.TotalSeconds:f1} s: {one / time / Math.Min(workers, cores):p0} of {Math.Min(workers, cores)} cores");
        Say($"{workers} workers, {workers - 1} killed", $"all runs; {test.Share(test.Short, workers, workers - 1).Twice} trained twice, because a worker was killed between");
    }
    test.StopAndContinue();
    Say("stopped worker", $"kept its run, and finished it when it went on");
    Say("worker of another machine that died", $"its study was completed after {test.LoseMachine().TotalSeconds:f0} s");
    Say("compared", $"{test.FilesCompared} files, {test.BytesCompared / 1e6:f1} MB");
    Say("time", $"{watch.Elapsed.TotalMinutes:f1} min");
    return 0;
}
catch (TortureException failure)
{
    Console.Error.WriteLine($"torture: {failure.Message} The stores are in {folder}.");
    folder = "";
    return 1;
}
finally
{
    if (folder.Length > 0) Directory.Delete(folder, recursive: true);
}

static void Say(string what, FormattableString value) => Console.WriteLine($"{what,-48} {value.ToString(CultureInfo.InvariantCulture)}");
