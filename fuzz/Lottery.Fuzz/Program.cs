using Lottery;
using Lottery.Fuzz;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Request.Help);
    return 0;
}
DirectoryInfo folder = Directory.CreateTempSubdirectory("lottery-fuzz-");
try
{
    if (Guided.IsChild(args))
    {
        Guided.RunChild(folder.FullName);
        return 0;
    }
    var request = Request.Of(args);
    return request.GuidedMinutes is { } minutes ? Guided.Run(minutes) : Fuzz(request, folder.FullName);
}
catch (UserException wrong)
{
    Console.Error.WriteLine($"fuzz: {wrong.Message}");
    return wrong is WorkFailedException ? 1 : 2;
}
finally
{
    folder.Delete(recursive: true);
}

static int Fuzz(Request request, string folder)
{
    const int MostTold = 20, LongestTold = 1_000;
    using var watch = new Watch(request.Seed);
    var runner = new Runner(request.Seed, folder) { Began = watch.Began, Patience = request.Patience };
    var reports = new List<FuzzReport>();
    Console.WriteLine(FuzzReport.Head);
    foreach (Target target in request.Targets)
    {
        FuzzReport report = runner.Run(target, request.Case is { } one ? [one] : Enumerable.Range(0, request.CasesOf(target)));
        Console.WriteLine(report);
        foreach (Finding finding in report.Findings.Take(MostTold))
            Console.WriteLine($"  case {finding.Case}: {finding.What[..Math.Min(LongestTold, finding.What.Length)]}\n  its file: {Watch.Keep(request.Seed, finding)}");
        if (request.Case is { } single) Console.WriteLine($"its file: {Watch.Keep(request.Seed, new(target.Name, single, "", runner.Last!.Content))}");
        reports.Add(report);
    }
    Console.WriteLine(FuzzReport.Total(reports));
    return reports.Any(report => report.Findings.Count > 0) ? 1 : 0;
}
