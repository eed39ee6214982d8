using System.Collections.Immutable;
using System.Diagnostics;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// Dead-channel elimination: which channels and features a plan computes. A channel from which no kept path leads to the
/// output is dead and is not computed, and the gradient of its weights is zero. A channel without kept inputs is live: it is
/// a constant whose bias still trains. Everything is live on both sides of a layer that stores every weight, and of an
/// addition.
/// </summary>
internal static class DeadChannels
{
    /// <summary>For every tensor its live channels or features, ascending.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="kept">A layer's mask, outputs first; null if it stores every weight.</param>
    public static ImmutableArray<int[]> Eliminate(NetworkGraph graph, Func<Layer, BitSet?> kept)
    {
        var live = new bool[graph.Tensors.Count][];
        for (int i = 0; i < live.Length; i++) live[i] = new bool[graph.Tensors[i].Shape.Channels];
        SetAll(live[^1]);
        foreach (Node node in graph.Nodes.Reverse())
            node.Match(
                apply => RuleOf(apply.Layer, graph.Tensors[apply.Input].Shape, kept).Backward(live[apply.Output], live[apply.Input]),
                fork => SetAll(live[fork.Input], live[fork.Body], live[fork.Shortcut]),
                join => SetAll(live[join.Output], live[join.Body], live[join.Shortcut]));
        if (!graph.Tensors[0].Shape.IsFlat) SetAll(live[0]);
        foreach (Node node in graph.Nodes)
            node.Match(
                apply => RuleOf(apply.Layer, graph.Tensors[apply.Input].Shape, kept).Forward(live[apply.Input], live[apply.Output]),
                fork => false, join => false);
        return [.. live.Select(flags => Enumerable.Range(0, flags.Length).Where(i => flags[i]).ToArray())];
    }

    private static bool SetAll(params ReadOnlySpan<bool[]> flags)
    {
        foreach (bool[] each in flags) Array.Fill(each, true);
        return true;
    }

    private static Rule RuleOf(Layer layer, Shape input, Func<Layer, BitSet?> kept) => layer.Uses switch
    {
        ChannelUse.All => new FullRule(),
        ChannelUse.Same => new SameRule(),
        ChannelUse.Weighted => kept(layer) is { } bits ? new KeptRule(bits) : new FullRule(),
        ChannelUse.SameWeighted => new DepthwiseRule(kept(layer)),
        ChannelUse.Flattened => new FlattenRule(input.Height * input.Width),
        _ => throw new UnreachableException(),
    };

    /// <summary>How the live channels of a layer's input and output depend on each other.</summary>
    private abstract class Rule
    {
        /// <summary>Marks the input channels that the live output channels need.</summary>
        public abstract bool Backward(bool[] output, bool[] input);

        /// <summary>Marks the output channels that are computed whether or not they are needed.</summary>
        public virtual bool Forward(bool[] input, bool[] output) => true;
    }

    /// <summary>Every input channel is read, and every output channel is computed.</summary>
    private sealed class FullRule : Rule
    {
        public override bool Backward(bool[] output, bool[] input) => SetAll(output, input);

        public override bool Forward(bool[] input, bool[] output) => SetAll(output);
    }

    /// <summary>An output channel is computed from the same input channel.</summary>
    private sealed class SameRule : Rule
    {
        public override bool Backward(bool[] output, bool[] input)
        {
            output.CopyTo(input, 0);
            return true;
        }

        public override bool Forward(bool[] input, bool[] output)
        {
            input.CopyTo(output, 0);
            return true;
        }
    }

    /// <summary>A feature is a pixel of a channel; the pixels of a live channel that no one needs stay out.</summary>
    private sealed class FlattenRule(int pixels) : Rule
    {
        public override bool Backward(bool[] output, bool[] input)
        {
            for (int feature = 0; feature < output.Length; feature++) input[feature / pixels] |= output[feature];
            return true;
        }
    }

    /// <summary>An output channel is computed from the same input channel, unless none of its weights is kept.</summary>
    private sealed class DepthwiseRule(BitSet? kept) : Rule
    {
        public override bool Backward(bool[] output, bool[] input)
        {
            for (int channel = 0; channel < output.Length; channel++) input[channel] |= output[channel] && Keeps(channel, output.Length);
            return true;
        }

        private bool Keeps(int channel, int channels)
        {
            if (kept is null) return true;
            int weights = kept.Length / channels;
            for (int i = 0; i < weights; i++)
                if (kept[channel * weights + i]) return true;
            return false;
        }
    }

    /// <summary>An output channel is computed from the input channels that its kept weights read.</summary>
    private sealed class KeptRule(BitSet kept) : Rule
    {
        public override bool Backward(bool[] output, bool[] input)
        {
            BitSet used = kept.Union(output);
            int area = used.Length / input.Length;
            foreach (int i in used.Ones(0, used.Length)) input[i / area] = true;
            return true;
        }
    }
}
