namespace Lottery.Data.Formats;

/// <summary>What a file holds of examples, without their labels: bytes of images, or numeric features.</summary>
/// <param name="Pixels"><c>[count, features]</c>; empty for numeric features.</param>
/// <param name="Values"><c>[count, features]</c>; empty for bytes.</param>
/// <param name="Shape">The shape of one example.</param>
internal sealed record ExampleValues(ReadOnlyMemory<byte> Pixels, ReadOnlyMemory<float> Values, ImageShape Shape)
{
    /// <summary>What was done to read it; null if nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The number of examples.</summary>
    public int Count => (Pixels.Length + Values.Length) / Shape.Features;

    /// <summary>The examples with their labels.</summary>
    public Examples With(ReadOnlyMemory<byte> labels) => Values.IsEmpty
        ? new(Pixels, labels, Shape.Features) { Shape = Shape }
        : Examples.FromFeatures(Values, labels, Shape.Features);
}

/// <summary>The labels of a file, and what was done to read them (null if nothing).</summary>
internal readonly record struct LabelValues(byte[] Labels, string? Note = null);
