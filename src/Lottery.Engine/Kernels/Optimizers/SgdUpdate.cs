using System.Runtime.CompilerServices;

namespace Lottery.Kernels.Optimizers;

/// <summary>
/// SGD with momentum and weight decay as PyTorch does it: g ← g + decay × w; v ← momentum × v + g; w ← w − rate × v, or with
/// Nesterov's momentum w ← w − rate × (g + momentum × v).
/// </summary>
/// <remarks>
/// Value by value, in single precision, each line of the formula's products fused with its sum. Velocities below 10⁻³⁰
/// become 0, and frozen weights and their velocities keep their values, as in <see cref="AdamUpdate"/>.
/// </remarks>
internal unsafe ref struct SgdUpdate : IKernel
{
    private const float Least = 1e-30f;

    /// <summary><c>[count]</c>, a multiple of 16: the weights.</summary>
    public required Span<float> W;

    /// <summary><c>[count]</c>: the velocities.</summary>
    public required Span<float> V;

    /// <summary><c>[count]</c>: the gradient.</summary>
    public required ReadOnlySpan<float> G;

    /// <summary><c>[count ÷ 16]</c>: bit i mod 16 of value i ÷ 16 is set where weight i is trained, otherwise it is frozen; or nothing: all are trained.</summary>
    public ReadOnlySpan<ushort> Trained;

    /// <summary>The constants of this step.</summary>
    public required Constants Step;

    /// <summary>The constants of one step.</summary>
    internal struct Constants
    {
        public float Rate, Momentum, Decay;

        /// <summary>Nesterov's momentum: the weight moves by what the next velocity would be with the same gradient.</summary>
        public bool Nesterov;
    }

    public readonly void Check() => IKernel.Require(
        W.Length % 16 == 0 && V.Length == W.Length && G.Length >= W.Length && (Trained.IsEmpty || Trained.Length >= W.Length / 16));

    public readonly void Reference()
    {
        for (int i = 0; i < W.Length; i++)
        {
            if (!Trained.IsEmpty && (Trained[i / 16] >> i % 16 & 1) == 0) continue;
            float gradient = MathF.FusedMultiplyAdd(W[i], Step.Decay, G[i]);
            float velocity = MathF.FusedMultiplyAdd(V[i], Step.Momentum, gradient);
            V[i] = velocity = MathF.Abs(velocity) > Least ? velocity : 0;
            float move = Step.Nesterov ? MathF.FusedMultiplyAdd(velocity, Step.Momentum, gradient) : velocity;
            W[i] = MathF.FusedMultiplyAdd(move, -Step.Rate, W[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Fast<TWide>() where TWide : unmanaged, IWide<TWide>
    {
        TWide rate = TWide.Broadcast(-Step.Rate), momentum = TWide.Broadcast(Step.Momentum), decay = TWide.Broadcast(Step.Decay);
        TWide least = TWide.Broadcast(Least);
        bool nesterov = Step.Nesterov;
        int count = W.Length;
        fixed (ushort* trained = Trained)
        fixed (float* w = W, v = V, g = G)
            for (int i = 0; i < count; i += 16)
            {
                TWide before = TWide.Load(w + i);
                TWide gradient = TWide.MultiplyAdd(before, decay, TWide.Load(g + i));
                TWide velocity = TWide.MultiplyAdd(TWide.Load(v + i), momentum, gradient);
                velocity = TWide.WhereGreater(TWide.Max(velocity, TWide.Subtract(TWide.Zero, velocity)), least, velocity);
                TWide move = nesterov ? TWide.MultiplyAdd(velocity, momentum, gradient) : velocity;
                TWide weight = TWide.MultiplyAdd(move, rate, before);
                if (trained != null)
                {
                    ushort bits = trained[i / 16];
                    velocity = TWide.WhereBit(bits, velocity, TWide.Load(v + i));
                    weight = TWide.WhereBit(bits, weight, before);
                }
                TWide.Store(v + i, velocity);
                TWide.Store(w + i, weight);
            }
    }
}
