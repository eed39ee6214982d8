using Lottery.Networks;
using Lottery.Numerics;

namespace Lottery.Plans;

/// <summary>
/// Which units take part. A unit from which no kept path leads to the output leaves the plan, and with it its row of
/// weights: their gradient is zero. A unit without kept inputs stays: it is a constant whose bias still trains.
/// </summary>
internal static class Presence
{
    /// <summary>For the input and after each layer, the units that are present, ascending.</summary>
    /// <param name="layers">The linear layers, first to last.</param>
    /// <param name="kept">Each layer's bits, <c>[outputs, inputs]</c>; null for a dense layer, on both sides of which every unit is present.</param>
    public static int[][] Of(IReadOnlyList<Linear> layers, IReadOnlyList<BitSet?> kept)
    {
        var present = new int[layers.Count + 1][];
        int[] live = present[^1] = [.. Enumerable.Range(0, layers[^1].Outputs)];
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            int inputs = layers[i].Inputs;
            int[] all = [.. Enumerable.Range(0, inputs)], outputs = live;
            live = kept[i] is { } bits
                ? Array.FindAll(all, input => Array.Exists(outputs, output => bits[output * inputs + input]))
                : all;
            bool denseBefore = i > 0 && kept[i - 1] is null;
            present[i] = denseBefore ? all : live;
        }
        return present;
    }
}
