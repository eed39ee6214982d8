using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// Which channels and units take part. One from which no kept path leads to the output leaves the plan, and with it its
/// weights: their gradient is zero. One without kept inputs stays: it is a constant whose bias still trains. On both
/// sides of a layer that stores every weight, and of an addition, everything is present.
/// </summary>
internal static class Presence
{
    /// <summary>For every signal, the channels or units that are present, ascending.</summary>
    /// <param name="outline">The network.</param>
    /// <param name="kept">A layer's bits, outputs first; null where it stores every weight.</param>
    public static ImmutableArray<int[]> Of(Outline outline, Func<Layer, BitSet?> kept)
    {
        var needed = new bool[outline.Shapes.Count][];
        for (int i = 0; i < needed.Length; i++) needed[i] = new bool[outline.Shapes[i].Channels];
        Array.Fill(needed[^1], true);
        foreach (Node node in outline.Nodes.Reverse()) Need(node, outline, needed, kept);
        if (!outline.Shapes[0].IsFlat) Array.Fill(needed[0], true);
        foreach (Node node in outline.Nodes) Make(node, outline, needed, kept);
        return [.. needed.Select(flags => Enumerable.Range(0, flags.Length).Where(i => flags[i]).ToArray())];
    }

    /// <summary>From what is needed of a node's output to what it needs of its input.</summary>
    private static void Need(Node node, Outline outline, bool[][] needed, Func<Layer, BitSet?> kept)
    {
        switch (node)
        {
            case Node.Apply { Layer: Linear or Convolution } apply when kept(apply.Layer) is { } bits:
                NeedKept(bits, needed[apply.Input], needed[apply.Output]);
                break;
            case Node.Apply { Layer: Linear or Convolution or ZeroPad } apply:
                All(needed[apply.Input]);
                All(needed[apply.Output]);
                break;
            case Node.Apply { Layer: Flatten } apply:
                int pixels = outline.Shapes[apply.Input].Height * outline.Shapes[apply.Input].Width;
                for (int unit = 0; unit < needed[apply.Output].Length; unit++)
                    needed[apply.Input][unit / pixels] |= needed[apply.Output][unit];
                break;
            case Node.Apply apply:
                needed[apply.Output].CopyTo(needed[apply.Input], 0);
                break;
            case Node.Join join:
                All(needed[join.Output]);
                All(needed[join.Body]);
                All(needed[join.Shortcut]);
                break;
            case Node.Fork fork:
                All(needed[fork.Input]);
                All(needed[fork.Body]);
                All(needed[fork.Shortcut]);
                break;
        }
    }

    private static void NeedKept(BitSet bits, bool[] inputs, bool[] outputs)
    {
        int weights = bits.Length / outputs.Length, taps = weights / inputs.Length;
        for (int output = 0; output < outputs.Length; output++)
            for (int i = 0; outputs[output] && i < weights; i++)
                if (bits[output * weights + i]) inputs[i / taps] = true;
    }

    /// <summary>What a layer that stores every weight makes goes on through layers without weights, needed or not.</summary>
    private static void Make(Node node, Outline outline, bool[][] present, Func<Layer, BitSet?> kept)
    {
        if (node is not Node.Apply apply || (apply.Layer is Linear or Convolution && kept(apply.Layer) is not null)) return;
        if (apply.Layer is Linear or Convolution or ZeroPad) All(present[apply.Output]);
        else if (apply.Layer is not Flatten) present[apply.Input].CopyTo(present[apply.Output], 0);
    }

    private static void All(bool[] flags) => Array.Fill(flags, true);
}
