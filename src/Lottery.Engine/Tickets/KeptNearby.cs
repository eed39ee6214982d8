namespace Lottery.Tickets;

/// <summary>
/// For every input of one unit, how much of what was kept before it lies near it: 3 for the place to its left and the one
/// above, 2 for those on the diagonals and two steps away, 1 for a knight's move, at most 18 in all.
/// </summary>
/// <remarks>
/// A kept place tells those after it, since there are few; images have two columns and rows of padding, in which what is
/// told beyond the edge gets lost.
/// </remarks>
internal sealed class KeptNearby
{
    private const int Padding = 2;

    /// <summary>One more than the largest sum.</summary>
    public const int Sums = 19;

    private readonly byte[] _sums;
    private readonly int _stride;

    /// <summary>Of a layer whose inputs lie in <paramref name="grid"/>; where it is null nothing is near anything.</summary>
    public KeptNearby(int inputs, ImageGrid? grid)
    {
        Places = new int[inputs];
        if (grid is not { } images)
        {
            _sums = new byte[1];
            return;
        }
        _stride = images.Width + Padding;
        int rows = images.Height + Padding;
        for (int i = 0; i < inputs; i++)
        {
            (int line, int column) = (i / images.Width, i % images.Width);
            Places[i] = (line / images.Height * rows + line % images.Height) * _stride + column;
        }
        _sums = new byte[images.Channels * rows * _stride + Padding];
    }

    /// <summary>Where the sum of each input stands in <see cref="All"/>.</summary>
    public int[] Places { get; }

    /// <summary>The sums so far.</summary>
    public ReadOnlySpan<byte> All => _sums;

    /// <summary>Begins the next unit.</summary>
    public void Clear() => Array.Clear(_sums);

    /// <summary>An input is kept.</summary>
    public void Tell(int place)
    {
        if (_stride == 0) return;
        Span<byte> after = _sums.AsSpan(place);
        after[1] += 3;
        after[2] += 2;
        after = after[(_stride - 2)..];
        after[0]++;
        after[1] += 2;
        after[2] += 3;
        after[3] += 2;
        after[4]++;
        after = after[(_stride + 1)..];
        after[0]++;
        after[1] += 2;
        after[2]++;
    }
}
