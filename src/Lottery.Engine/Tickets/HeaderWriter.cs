using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lottery.Networks;

namespace Lottery.Tickets;

/// <summary>Writes a header as JSON without white space; default values are omitted.</summary>
internal static class HeaderWriter
{
    public static byte[] Write(TicketHeader header)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("kind", HeaderVocabulary.Of(header.Kind));
            json.WriteString("network", header.Network.Description);
            if (header.Network.Name != (NetworkCatalogue.NameOf(header.Network.Description) ?? TicketHeader.UnknownName))
                json.WriteString("name", header.Network.Name);
            if (header.Recipe is { } recipe) Write(json, recipe);
            if (header.Kind == TicketKind.Trained) json.WriteString("values", HeaderVocabulary.Of(header.Format));
            if (header.Dense) json.WriteBoolean("dense", true);
            if (!header.Scale.Numbers.SequenceEqual(PixelScale.Unit.Numbers)) json.WriteString("scale", HeaderVocabulary.Of(header.Scale));
            Write(json, "classes", header.Classes);
            Write(json, header.Provenance);
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Recipe recipe)
    {
        json.WriteNumber("seed", recipe.Seed);
        if (recipe.Level != 0) json.WriteNumber("level", recipe.Level);
        json.WriteString("mask1", recipe.Mask1);
        if (recipe.Mask0 != "zero") json.WriteString("mask0", recipe.Mask0);
        if (recipe.Fresh) json.WriteBoolean("fresh", true);
        if (recipe.Draw != 0) json.WriteNumber("draw", recipe.Draw);
        if (recipe.Rescale) json.WriteBoolean("rescale", true);
    }

    private static void Write(Utf8JsonWriter json, Provenance provenance)
    {
        if (provenance.Run is { } run) json.WriteString("run", run);
        Write(json, "studies", provenance.Studies);
        if (provenance.Data is { } data) json.WriteString("data", data);
        if (provenance.DataSha256 is { } sha256) json.WriteString("data-sha256", sha256);
        Write(json, "accuracy", provenance.Accuracy);
        Write(json, "trained", provenance.Trained);
    }

    private static void Write(Utf8JsonWriter json, string key, ImmutableArray<string> texts)
    {
        if (texts.IsEmpty) return;
        json.WriteStartArray(key);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    // [correct, of, low, high]
    private static void Write(Utf8JsonWriter json, string key, MeasuredAccuracy? accuracy)
    {
        if (accuracy is not { } measured) return;
        (decimal low, decimal high) = HeaderVocabulary.Interval(measured);
        json.WriteStartArray(key);
        foreach (decimal number in (ReadOnlySpan<decimal>)[measured.Correct, measured.Of, low, high]) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
