using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lottery.Studies.Identity;

namespace Lottery.Studies.Store;

/// <summary>
/// A number as canonical JSON spells it. A training that diverged has losses for which JSON has no number: they are the
/// texts <c>"NaN"</c> and <c>"Infinity"</c>.
/// </summary>
internal sealed class MetricConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? double.Parse(reader.GetString()!, CultureInfo.InvariantCulture)
            : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteRawValue(CanonicalJson.Number(value).ToJsonString());
        else writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
