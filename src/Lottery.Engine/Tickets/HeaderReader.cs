using System.Collections.Immutable;
using System.Text.Json;
using Lottery.Actions;
using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>
/// Reads an untrusted header: every key at most once, no key that is unknown or belongs to another kind, and every value as
/// <see cref="HeaderWriter"/> would write it. White space and the order of the keys do not matter.
/// </summary>
internal sealed class HeaderReader
{
    private const int MaxDepth = 4, MaxTexts = 100_000;

    private readonly HashSet<string> _seen = [];
    private string? _kind, _network, _name, _mask1, _mask0, _values, _scale, _run, _data, _sha256;
    private ulong? _seed;
    private int? _level, _draw;
    private bool _fresh, _rescale, _dense;
    private ImmutableArray<string> _classes = [], _studies = [];
    private MeasuredAccuracy? _accuracy, _trained;

    /// <exception cref="FormatException">The header is wrong; the message is the end of a sentence about the ticket.</exception>
    public static TicketHeader Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new HeaderReader();
        try
        {
            reader.ReadKeys(utf8);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new FormatException("its header is not JSON", wrong);
        }
        return reader.Header();
    }

    private void ReadKeys(ReadOnlySpan<byte> utf8)
    {
        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = HeaderReader.MaxDepth });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new FormatException("its header is not a JSON object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            if (!_seen.Add(key)) throw new FormatException($"its header has '{HeaderVocabulary.Short(key)}' twice");
            json.Read();
            ReadValue(key, ref json);
        }
        if (json.Read()) throw new FormatException("its header has more after its end");
    }

    private void ReadValue(string key, ref Utf8JsonReader json)
    {
        switch (key)
        {
            case "kind": _kind = Text(key, ref json); break;
            case "network": _network = Text(key, ref json); break;
            case "name": _name = HeaderVocabulary.Text(key, Text(key, ref json)); break;
            case "seed": _seed = Number(key, ref json, ulong.MaxValue); break;
            case "level": _level = (int)Number(key, ref json, int.MaxValue); break;
            case "mask1": _mask1 = Text(key, ref json); break;
            case "mask0": _mask0 = Text(key, ref json); break;
            case "fresh": _fresh = True(key, ref json); break;
            case "draw": _draw = (int)Number(key, ref json, int.MaxValue); break;
            case "rescale": _rescale = True(key, ref json); break;
            case "values": _values = Text(key, ref json); break;
            case "dense": _dense = True(key, ref json); break;
            case "scale": _scale = Text(key, ref json); break;
            case "classes": _classes = Texts(key, ref json); break;
            case "run": _run = HeaderVocabulary.Hash(key, Text(key, ref json)); break;
            case "studies": _studies = Texts(key, ref json); break;
            case "data": _data = HeaderVocabulary.Text(key, Text(key, ref json)); break;
            case "data-sha256": _sha256 = HeaderVocabulary.Hash(key, Text(key, ref json)); break;
            case "accuracy": _accuracy = Accuracy(key, ref json); break;
            case "trained": _trained = Accuracy(key, ref json); break;
            default: throw new FormatException($"its header has a key '{HeaderVocabulary.Short(key)}' that this version does not know");
        }
    }

    private TicketHeader Header()
    {
        TicketKind kind = HeaderVocabulary.Kind(Required("kind", _kind));
        Only("seed", kind == TicketKind.Recipe, "mask1");
        foreach (string key in (ReadOnlySpan<string>)["level", "mask0", "fresh", "draw", "rescale"]) Never(key, kind != TicketKind.Recipe);
        Only("values", kind == TicketKind.Trained);
        Never("dense", kind != TicketKind.Trained);
        Network network = TicketHeader.ReadNetwork(Required("network", _network), _name);
        PixelScale scale = _scale is null ? PixelScale.Unit : HeaderVocabulary.Scale(_scale);
        if (!scale.Fits(network.Input))
            throw new FormatException($"its input scaling has {scale.Channels} channels, but its network takes {network.Input}");
        if (!_classes.IsEmpty && _classes.Length != network.Outputs)
            throw new FormatException($"it names {_classes.Length} classes, but its network has {network.Outputs}");
        return new()
        {
            Kind = kind, Network = network, Recipe = kind == TicketKind.Recipe ? Recipe() : null, Dense = _dense, Scale = scale, Classes = _classes,
            Format = _values is null ? ValueFormat.F32 : HeaderVocabulary.Format(_values),
            Provenance = new()
            {
                Run = _run, Studies = _studies, Data = _data, DataSha256 = _sha256, Accuracy = _accuracy, Trained = _trained,
            },
        };
    }

    private Recipe Recipe()
    {
        var recipe = new Recipe
        {
            Seed = _seed!.Value, Level = _level ?? 0, Mask1 = _mask1!, Mask0 = _mask0 ?? "zero", Fresh = _fresh, Draw = _draw ?? 0, Rescale = _rescale,
        };
        if (recipe.Draw != 0 && !recipe.Fresh) throw new FormatException("it has a draw of fresh weights, but its weights are not fresh");
        try
        {
            if (Mask1.Get(recipe.Mask1).Name != recipe.Mask1 || Mask1.Get(recipe.Mask1).NeedsFinal || Mask0.Get(recipe.Mask0).NeedsFinal)
                throw new FormatException("its actions need more than a seed");
        }
        catch (UserException)
        {
            throw new FormatException(
                $"its actions '{HeaderVocabulary.Short(recipe.Mask1)}' and '{HeaderVocabulary.Short(recipe.Mask0)}' are not both known");
        }
        return recipe;
    }

    private static T Required<T>(string key, T? value) where T : class =>
        value ?? throw new FormatException($"its header lacks '{key}'");

    private void Only(string key, bool expected, params ReadOnlySpan<string> others)
    {
        Never(key, !expected);
        if (expected && !_seen.Contains(key)) throw new FormatException($"its header lacks '{key}'");
        foreach (string other in others) Only(other, expected);
    }

    private void Never(string key, bool never)
    {
        if (never && _seen.Contains(key)) throw new FormatException($"its header has '{key}', which belongs to another kind of ticket");
    }

    private static string Text(string key, ref Utf8JsonReader json) => json.TokenType == JsonTokenType.String
        ? json.GetString()!
        : throw new FormatException($"'{key}' in its header is not a text");

    private static bool True(string key, ref Utf8JsonReader json) => json.TokenType == JsonTokenType.True
        ? true
        : throw new FormatException($"'{key}' in its header is not true (it is omitted otherwise)");

    private static ulong Number(string key, ref Utf8JsonReader json, ulong max) =>
        json.TokenType == JsonTokenType.Number && json.TryGetUInt64(out ulong number) && number <= max
            ? number
            : throw new FormatException($"'{key}' in its header is not an integer from 0 to {max}");

    private static ImmutableArray<string> Texts(string key, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw new FormatException($"'{key}' in its header is not a list");
        var texts = ImmutableArray.CreateBuilder<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(HeaderVocabulary.Text(key, Text(key, ref json)));
            if (texts.Count > MaxTexts) throw new FormatException($"'{key}' in its header is too long");
        }
        return texts.Count > 0 ? texts.ToImmutable() : throw new FormatException($"'{key}' in its header is an empty list");
    }

    // The interval is redundant, and must be the one that the counts give.
    private static MeasuredAccuracy Accuracy(string key, ref Utf8JsonReader json)
    {
        Span<decimal> numbers = stackalloc decimal[4];
        bool right = json.TokenType == JsonTokenType.StartArray;
        foreach (ref decimal number in numbers)
            right = right && json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetDecimal(out number);
        right = right && json.Read() && json.TokenType == JsonTokenType.EndArray && IsCount(numbers[0], numbers[1]) && IsCount(numbers[1], int.MaxValue);
        if (!right || numbers[1] == 0) throw Unlike(key);
        var measured = new MeasuredAccuracy((int)numbers[0], (int)numbers[1]);
        return HeaderVocabulary.Interval(measured) == (numbers[2], numbers[3]) ? measured : throw Unlike(key);
    }

    private static bool IsCount(decimal number, decimal most) => number >= 0 && number <= most && decimal.IsInteger(number);

    private static FormatException Unlike(string key) =>
        new($"'{key}' in its header is not four numbers: correct, of, and the 95 % interval that these give");
}
