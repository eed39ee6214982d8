using System.Runtime.InteropServices;
using Lottery.Networks;

namespace Lottery.Data;

/// <summary>Labelled examples, one after the other: images as bytes, or the numeric features of a table.</summary>
/// <param name="Pixels"><c>[count, features]</c>, 0–255; empty for numeric features (see <see cref="Values"/>).</param>
/// <param name="Labels"><c>[count]</c>, each below the number of classes.</param>
/// <param name="Features">Values of one example.</param>
public sealed record Examples(ReadOnlyMemory<byte> Pixels, ReadOnlyMemory<byte> Labels, int Features)
{
    /// <summary>The number of examples.</summary>
    public int Count => Labels.Length;

    /// <summary>The layout of an image; one row of features by default.</summary>
    public ImageShape Shape { get; init; } = new(1, 1, Features);

    /// <summary>The scaling of bytes or of numeric features to a network's input.</summary>
    public PixelScale Scale { get; init; } = PixelScale.Unit;

    /// <summary><c>[count, features]</c>: numeric features as they were measured, all finite; empty for images.</summary>
    public ReadOnlyMemory<float> Values { get; private init; }

    /// <summary>True for numeric features, which are always standardized; false for images of bytes.</summary>
    public bool AreNumeric => !Values.IsEmpty;

    /// <summary>Examples with numeric features.</summary>
    /// <param name="values"><c>[count, features]</c>, all finite.</param>
    /// <param name="labels"><c>[count]</c>, each below the number of classes.</param>
    /// <param name="features">Values of one example.</param>
    /// <exception cref="ArgumentException">The lengths do not agree, or a value is not finite.</exception>
    public static Examples FromFeatures(ReadOnlyMemory<float> values, ReadOnlyMemory<byte> labels, int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (labels.IsEmpty || values.Length != (long)labels.Length * features)
            throw new ArgumentException($"{labels.Length} examples of {features} features are not {values.Length} values.", nameof(values));
        foreach (float value in values.Span)
            if (!float.IsFinite(value)) throw new ArgumentException("A feature is not a finite number.", nameof(values));
        return new(default, labels, features) { Values = values };
    }

    /// <summary>The scaled inputs of one example with numeric features.</summary>
    internal void Standardize(int index, Span<float> inputs) => Scale.Apply(Values.Span.Slice(index * Features, Features), inputs);

    /// <summary>The content that a hash is made of: the bytes, or the values as little-endian floats.</summary>
    internal ReadOnlySpan<byte> Content => AreNumeric ? MemoryMarshal.AsBytes(Values.Span) : Pixels.Span;

    /// <summary>These examples, followed by others of the same kind and shape.</summary>
    internal Examples Followed(Examples by) => this with
    {
        Pixels = Joined(Pixels, by.Pixels), Labels = Joined(Labels, by.Labels), Values = Joined(Values, by.Values),
    };

    /// <summary>Some of the examples, in that order.</summary>
    internal Examples At(int[] indices)
    {
        return this with
        {
            Pixels = AreNumeric ? default : Rows(Pixels.Span), Values = AreNumeric ? Rows(Values.Span) : default,
            Labels = indices.Select(index => Labels.Span[index]).ToArray(),
        };

        T[] Rows<T>(ReadOnlySpan<T> values)
        {
            var rows = new T[checked(indices.Length * Features)];
            for (int i = 0; i < indices.Length; i++) values.Slice(indices[i] * Features, Features).CopyTo(rows.AsSpan(i * Features));
            return rows;
        }
    }

    private static T[] Joined<T>(ReadOnlyMemory<T> first, ReadOnlyMemory<T> second)
    {
        T[] joined = GC.AllocateUninitializedArray<T>(checked(first.Length + second.Length));
        first.CopyTo(joined);
        second.CopyTo(joined.AsMemory(first.Length));
        return joined;
    }
}
