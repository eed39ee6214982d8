using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Lottery.Files;

namespace Lottery.Formats.Logs;

/// <summary>One JSON object a line: <c>kind</c>, <c>time</c>, the run and what it is, <c>step</c>, and the numbers.</summary>
internal sealed class JsonLinesLog : MetricsLog
{
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _line = new();

    public JsonLinesLog(string path) => _file = AppendedFile.Open(path);

    /// <inheritdoc/>
    public override void Write(LoggedRun run, int step, DateTimeOffset time, string kind, ImmutableArray<(string Name, double Value)> metrics)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            json.WriteString("time", time.ToUniversalTime());
            json.WriteString("run", run.Id);
            json.WriteString("name", run.Name);
            foreach ((string name, object value) in run.Facts)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }
            json.WriteNumber("step", step);
            foreach ((string name, double value) in metrics)
                if (double.IsFinite(value)) json.WriteNumber(name, value);
            json.WriteEndObject();
        }
        _line.Write("\n"u8);
        _file.Write(_line.WrittenSpan);
        _file.Flush();
    }

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();
}
