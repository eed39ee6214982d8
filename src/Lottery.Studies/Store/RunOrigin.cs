using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Lottery.Studies.Store;

/// <summary>When a run was trained, and by what. Nothing of it decides a result.</summary>
/// <param name="Started">The first sitting's start, in universal time.</param>
/// <param name="Ended">The last sitting's end, in universal time.</param>
/// <param name="Lottery">The version of lottery.</param>
/// <param name="Dotnet">The version of .NET.</param>
/// <param name="Processor">The processor's name, or its architecture where the system does not tell.</param>
public sealed record RunOrigin(
    DateTimeOffset Started, DateTimeOffset Ended, string Lottery, string Dotnet, string Processor)
{
    private static readonly Lazy<string> ThisProcessor = new(FindProcessor);

    /// <summary>This process, now.</summary>
    public static RunOrigin Now(DateTimeOffset started) => new(
        started, DateTimeOffset.UtcNow, typeof(RunOrigin).Assembly.GetName().Version!.ToString(3),
        Environment.Version.ToString(), ThisProcessor.Value);

    internal JsonObject Write() => new()
    {
        ["started"] = Write(Started),
        ["ended"] = Write(Ended),
        ["lottery"] = Lottery,
        ["dotnet"] = Dotnet,
        ["processor"] = Processor,
    };

    internal static RunOrigin Read(JsonNode json) => new(
        ReadTime(json["started"]!), ReadTime(json["ended"]!), json["lottery"]!.GetValue<string>(),
        json["dotnet"]!.GetValue<string>(), json["processor"]!.GetValue<string>());

    internal static string Write(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal static DateTimeOffset ReadTime(JsonNode json) => DateTimeOffset.Parse(
        json.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static string FindProcessor()
    {
        const string Names = "/proc/cpuinfo";
        string? line = File.Exists(Names)
            ? File.ReadLines(Names).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
