using CsCheck;
using Lottery.Networks;

namespace Lottery.UnitTests.Formats;

/// <summary>Small networks of any layers that fit one another, as descriptions.</summary>
internal static class SomeNetwork
{
    /// <summary>A description, and a seed for what is made of it.</summary>
    public static Gen<(string Description, ulong Seed)> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.Int[0, 5].Array[3], CsCheck.Gen.Int[0, 1 << 20].Array[0, 8], CsCheck.Gen.ULong[0, 1_000],
        (sizes, steps, seed) => (Describe(sizes, steps), seed));

    private static string Describe(int[] sizes, int[] steps)
    {
        var builder = new NetworkBuilder(sizes[0] == 0 ? Shape.Flat(sizes[1] + 1) : new(sizes[0], sizes[1] + 2, sizes[2] + 2));
        foreach (int step in steps) Grow(builder, step);
        if (!builder.Shape.IsFlat) builder = steps.Length % 2 == 0 ? builder.Flatten() : builder.GlobalAveragePool();
        return builder.Output(steps.Length % 4 + 1).Build("some").Description;
    }

    /// <summary>Adds what <paramref name="step"/> says, if it fits.</summary>
    private static void Grow(NetworkBuilder builder, int step)
    {
        int kind = step % 11, a = step / 11 % 5, b = step / 55 % 3;
        bool flat = builder.Shape.IsFlat;
        int side = Math.Min(builder.Shape.Height, builder.Shape.Width);
        _ = (kind, flat) switch
        {
            (0, _) => builder.Relu(),
            (1, _) => builder.Dropout(0.5),
            (< 6, true) => builder.Linear(a + 1),
            (_, true) => builder,
            (2, _) => builder.BatchNormalization(),
            (3, _) when side > 1 => b == 0 ? builder.MaxPool(2) : builder.AveragePool(Math.Min(side, b + 1)),
            (4, _) => builder.ZeroPad(builder.Shape.Channels + a, b + 1),
            (5, _) => builder.Residual(body => body.Convolution(body.Shape.Channels, 3).Relu(), b == 0 ? null : shortcut => shortcut.BatchNormalization()),
            (6, _) => builder.Residual(
                body => body.Convolution(body.Shape.Channels + a, 3, stride: b + 1, bias: false),
                shortcut => shortcut.ZeroPad(shortcut.Shape.Channels + a, b + 1)),
            (7, _) => builder.Residual(
                body => body.Convolution(a + 1, 3, stride: b + 1),
                shortcut => shortcut.Convolution(a + 1, 1, stride: b + 1, bias: false)),
            (8, _) when step % 5 == 0 => builder.Flatten(),
            _ => builder.Convolution(a + 1, Math.Min(side, b + 1), stride: step % 2 + 1, padding: step % 7 == 0 ? 0 : null, bias: step % 3 > 0),
        };
    }
}
