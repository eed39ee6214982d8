using System.Globalization;
using Lottery;
using Lottery.Simulation.Driver;
using Lottery.Simulation.Scheduling;
using Lottery.Simulation.Stores;

// ./dev scale store N DIR [EVALUATIONS]: makes a store with N runs in the new folder DIR.
// ./dev scale schedule [RUNS [WORKERS [SECONDS]]]: simulates the scheduling of a study in which a run takes so many seconds.
// ./dev scale driver [RUNS [JOBS [DIR]]]: completes a study of tiny runs, in the folder DIR, and says what a run costs besides training.
const string Usage = "store N DIR [EVALUATIONS], schedule [RUNS [WORKERS [SECONDS]]], driver [RUNS [JOBS [DIR]]]";
try
{
    switch (args)
    {
        case ["store", var count, var folder, .. var more] when more.Length < 2:
            StoreGenerator.Fill(folder, Number(count), more is [var evaluations] ? Number(evaluations) : 20, done => Console.Error.WriteLine($"{done} runs"));
            return 0;
        case ["schedule", .. var sizes] when sizes.Length < 4:
            var usual = new FarmSettings();
            SimulationReport.Write(sizes.Length > 0 ? Number(sizes[0]) : 100_000, usual with
            {
                Workers = sizes.Length > 1 ? Number(sizes[1]) : usual.Workers, RunSeconds = sizes.Length > 2 ? Number(sizes[2]) : usual.RunSeconds,
            }, Console.Out);
            return 0;
        case ["driver", .. var sizes] when sizes.Length < 4:
            Drive(new() { Runs = sizes.Length > 0 ? Number(sizes[0]) : 10_000, Jobs = sizes.Length > 1 ? Number(sizes[1], 1) : 1 }, sizes.Length > 2 ? sizes[2] : null);
            return 0;
        default:
            Console.Error.WriteLine($"scale: '{string.Join(' ', args)}' is not one of: {Usage}.");
            return 2;
    }
}
catch (UserException wrong)
{
    Console.Error.WriteLine($"scale: {wrong.Message}");
    return 2;
}

static void Drive(DriverSettings settings, string? folder)
{
    string work = folder is null ? Directory.CreateTempSubdirectory("lottery-driver-").FullName : Path.Combine(folder, "lottery-driver");
    if (folder is not null && Path.Exists(work)) throw new UserException($"{work} exists; remove it, or name another folder.");
    Directory.CreateDirectory(work);
    try
    {
        DriverMeasurement.Write(settings, work, Console.Out);
    }
    finally
    {
        Directory.Delete(work, recursive: true);
    }
}

static int Number(string text, int least = 2) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
    ? number : throw new UserException($"'{text}' is not a whole number of at least {least}.");
