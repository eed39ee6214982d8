using System.Globalization;
using Lottery;
using Lottery.Simulation.Stores;

// ./dev scale store N DIR [EVALUATIONS]: makes a store with N runs in the new folder DIR.
const string Usage = "./dev scale store N DIR [EVALUATIONS]";
try
{
    switch (args)
    {
        case ["store", var count, var folder, .. var more] when more.Length < 2:
            StoreGenerator.Fill(folder, Number(count), more is [var evaluations] ? Number(evaluations) : 20, done => Console.Error.WriteLine($"{done} runs"));
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

static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 1
    ? number : throw new UserException($"'{text}' is not a whole number of at least 2.");
