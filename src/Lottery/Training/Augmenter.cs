using System.Globalization;
using Lottery.Data;
using Lottery.Numerics;
using Lottery.Specifications;

namespace Lottery.Training;

/// <summary>Copies of the images of a batch, changed as the specification says. Within an epoch it allocates nothing.</summary>
/// <remarks>
/// What becomes of an image is a function of the run's seed, the epoch and the image's place in the training part: value i of
/// the stream <c>crop/E</c> is one of 81 moves (down and right by −4 … 4), of <c>flip/E</c> one of two sides. An image is
/// moved first, then flipped; both happen to bytes, before they are scaled.
/// </remarks>
/// <param name="data">The examples.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="batch">The most examples at once.</param>
internal sealed class Augmenter(SplitDataset data, ulong seed, int batch)
{
    /// <summary>The most pixels that an image is moved by.</summary>
    public const int Reach = 4;

    private const int Moves = 2 * Reach + 1;

    private readonly byte[] _pixels = new byte[batch * data.Dataset.Train.Features], _labels = new byte[batch];
    private readonly int[] _places = [.. Enumerable.Range(0, batch)];
    private readonly Augmentation _augment = data.Specification.Augment;
    private Examples? _examples;
    private RandomStream _crop, _flip;
    private int _epoch = -1;

    /// <summary>The copies.</summary>
    public Examples Examples => _examples ??= data.Dataset.Train with { Pixels = _pixels, Labels = _labels };

    /// <summary>Makes the copies of an epoch's examples, and says which of <see cref="Examples"/> they are.</summary>
    public ReadOnlySpan<int> Fill(int epoch, ReadOnlySpan<int> indices)
    {
        if (epoch != _epoch) Begin(epoch);
        Examples source = data.Dataset.Train;
        for (int i = 0; i < indices.Length; i++)
        {
            int index = indices[i], features = source.Features;
            _labels[i] = source.Labels.Span[index];
            int move = _augment.HasFlag(Augmentation.Crop) ? _crop.Below(index, Moves * Moves) : Moves * Moves / 2;
            bool flip = _augment.HasFlag(Augmentation.Flip) && _flip.Bernoulli(index, 0.5);
            Copy(source.Pixels.Span.Slice(index * features, features), _pixels.AsSpan(i * features, features), source.Shape,
                move / Moves - Reach, move % Moves - Reach, flip);
        }
        return _places.AsSpan(0, indices.Length);
    }

    /// <summary>
    /// target[channel][row][column] = source[channel][row + down][column + right], 0 outside; flipped, columns then run from
    /// the right.
    /// </summary>
    internal static void Copy(
        ReadOnlySpan<byte> source, Span<byte> target, ImageShape shape, int down, int right, bool flip)
    {
        int width = shape.Width;
        // An image narrower than the move is all gone: nothing is copied, from a place that is in the line.
        int shift = Math.Clamp(right, -width, width), first = Math.Max(-shift, 0), end = width - Math.Max(shift, 0);
        for (int line = 0; line < shape.Channels * shape.Height; line++)
        {
            Span<byte> to = target.Slice(line * width, width);
            int row = line % shape.Height + down;
            if (row < 0 || row >= shape.Height)
            {
                to.Clear();
                continue;
            }
            to[..first].Clear();
            source.Slice((line + down) * width, width)[(first + shift)..(end + shift)].CopyTo(to[first..]);
            to[end..].Clear();
            if (flip) to.Reverse();
        }
    }

    private void Begin(int epoch)
    {
        _epoch = epoch;
        (_crop, _flip) = Streams(seed, epoch);
    }

    /// <summary>What the moves and the flips of an epoch are drawn from.</summary>
    internal static (RandomStream Crop, RandomStream Flip) Streams(ulong seed, int epoch) =>
        (new(seed, string.Create(CultureInfo.InvariantCulture, $"crop/{epoch}")), new(seed, string.Create(CultureInfo.InvariantCulture, $"flip/{epoch}")));
}
