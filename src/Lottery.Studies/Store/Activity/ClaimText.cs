using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Activity;

/// <summary>What a claim file says. All texts of one claim have the same length, so that the beat is written over the last one.</summary>
/// <param name="Owner">The random name of its owner.</param>
/// <param name="Number">Which of the owner's claims it is.</param>
/// <param name="Process">The owner's process.</param>
/// <param name="Beat">How often the owner has said that it is alive.</param>
internal sealed record ClaimText(string Owner, long Number, ProcessIdentity Process, long Beat)
{
    private const int MostBytes = 4_096, OwnerLength = 32, MostOfHost = 255;

    /// <summary>A name for an owner.</summary>
    public static string NewOwner() => $"{Guid.NewGuid():N}";

    /// <summary>The content of a claim file; null where there is none. Of something odd with its name, a sentence about it.</summary>
    public static byte[]? ReadFile(string path)
    {
        try
        {
            return RegularFile.IsThere(path) ? RegularFile.Read(path, MostBytes) : null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (InvalidDataException odd)
        {
            return Encoding.UTF8.GetBytes(odd.Message);
        }
    }

    /// <summary>The text; null where it is none that lottery writes.</summary>
    public static ClaimText? Parse(ReadOnlySpan<byte> content)
    {
        try
        {
            JsonNode json = JsonNode.Parse(content)!;
            string owner = json["owner"]!.GetValue<string>(), host = json["host"]!.GetValue<string>();
            // Both are part of messages and of file names.
            if (owner.Length != OwnerLength || !owner.All(char.IsAsciiHexDigitLower) || host.Length > MostOfHost || host.Any(char.IsControl)) return null;
            return new(
                owner, json["claim"]!.GetValue<long>(),
                new(host, json["table"]!.GetValue<string>(), json["process"]!.GetValue<int>(), json["started"]!.GetValue<long>()),
                long.Parse(json["beat"]!.GetValue<string>(), NumberStyles.None, CultureInfo.InvariantCulture));
        }
        catch (Exception wrong) when (RunFile.IsMalformed(wrong))
        {
            return null;
        }
    }

    /// <summary>True for another beat of the same claim.</summary>
    public bool IsSameClaim(ClaimText? other) => other is not null && other.Owner == Owner && other.Number == Number;

    /// <summary>The bytes of the file.</summary>
    public byte[] Write()
    {
        var json = new JsonObject
        {
            ["owner"] = Owner,
            ["claim"] = Number,
            ["host"] = Process.Host,
            ["table"] = Process.Table,
            ["process"] = Process.Process,
            ["started"] = Process.Started,
            ["beat"] = Beat.ToString("D12", CultureInfo.InvariantCulture),
        };
        return Encoding.UTF8.GetBytes(json.ToJsonString() + "\n");
    }
}
