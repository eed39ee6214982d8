using System.Runtime.CompilerServices;

namespace Lottery.Kernels;

/// <summary>
/// SGD with momentum and weight decay as PyTorch does it: v ← momentum × v + (g + decay × w); w ← w − rate × v.
/// </summary>
/// <remarks>
/// Value by value, in single precision, each line of the formula's products fused with its sum. Velocities below 10⁻³⁰
/// become 0, as in <see cref="AdamUpdate"/>. Shapes: all <c>[count]</c>, with room for a multiple of 16.
/// </remarks>
internal static unsafe class SgdUpdate
{
    private const float Least = 1e-30f;

    /// <summary>The constants of one step.</summary>
    public struct Constants
    {
        public float Rate, Momentum, Decay;
    }

    public static void Reference(float* w, float* v, float* g, int count, in Constants c)
    {
        for (int i = 0; i < count; i++)
        {
            float gradient = MathF.FusedMultiplyAdd(w[i], c.Decay, g[i]);
            float velocity = MathF.FusedMultiplyAdd(v[i], c.Momentum, gradient);
            v[i] = velocity = MathF.Abs(velocity) > Least ? velocity : 0;
            w[i] = MathF.FusedMultiplyAdd(velocity, -c.Rate, w[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fast<TWide>(float* w, float* v, float* g, int count, in Constants c)
        where TWide : unmanaged, IWide<TWide>
    {
        TWide rate = TWide.Broadcast(-c.Rate), momentum = TWide.Broadcast(c.Momentum), decay = TWide.Broadcast(c.Decay);
        TWide least = TWide.Broadcast(Least);
        for (int i = 0; i < count; i += 16)
        {
            TWide weight = TWide.Load(w + i);
            TWide gradient = TWide.MultiplyAdd(weight, decay, TWide.Load(g + i));
            TWide velocity = TWide.MultiplyAdd(TWide.Load(v + i), momentum, gradient);
            velocity = TWide.WhereGreater(TWide.Max(velocity, TWide.Subtract(TWide.Zero, velocity)), least, velocity);
            TWide.Store(v + i, velocity);
            TWide.Store(w + i, TWide.MultiplyAdd(velocity, rate, weight));
        }
    }
}
