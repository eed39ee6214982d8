using System.Globalization;

namespace Lottery.Gpu.Peers;

/// <summary>One measurement of Lottery.</summary>
/// <param name="Network">The network.</param>
/// <param name="Batch">Examples of a batch.</param>
/// <param name="Density">The fraction of weights that are kept.</param>
/// <param name="Trainings">Trainings at once.</param>
/// <param name="Milliseconds">A step of all of them.</param>
internal sealed record OwnTiming(string Network, int Batch, double Density, int Trainings, double Milliseconds);

/// <summary>The times of Lottery and of PyTorch beside each other.</summary>
internal static class PeerTable
{
    /// <summary>
    /// A row for each measurement of Lottery, with the time of a step of one training. PyTorch has the same for every density; for many
    /// trainings at once it has batched products where they were measured, otherwise one graph after the other.
    /// </summary>
    public static IEnumerable<string> Lines(IEnumerable<OwnTiming> own, IReadOnlyCollection<PeerTiming> peers)
    {
        yield return Line("µs a step of one training", "", "", "Lottery", "eager", "", "tuned", "");
        foreach (OwnTiming one in own)
        {
            double mine = one.Milliseconds / one.Trainings;
            PeerTiming[] same = [.. peers.Where(peer => peer.Network == one.Network && peer.Batch == one.Batch && peer.OfOne is not null)];
            double? eager = same.Where(peer => peer.Form == "eager").Min(peer => peer.OfOne);
            double? tuned = same.Where(peer => peer.Form != "eager" && peer.Replicates <= one.Trainings).Min(peer => peer.OfOne);
            string trainings = one.Trainings == 1 ? "" : $"× {one.Trainings}";
            yield return Line(one.Network, string.Create(CultureInfo.InvariantCulture, $"{100 * one.Density:0.#} %"), trainings,
                Microseconds(mine), Microseconds(eager), Ratio(eager / mine), Microseconds(tuned), Ratio(tuned / mine));
        }
        foreach (PeerTiming peer in peers)
            if (peer.Problem is not null) yield return $"PyTorch, {peer.Network}, {peer.Form}: {peer.Problem}";
        yield return "PyTorch's times are the same at every density; ×: how many times as long as Lottery's. Tuned: a whole step as a CUDA graph with TF32, "
            + "channels_last and a fused optimizer, or batched products where that is faster.";
    }

    private static string Line(string network, string density, string trainings, string own, string eager, string eagerRatio, string tuned, string tunedRatio) =>
        density.Length == 0
            ? $"{network,-29} {own,9} {eager,9} {eagerRatio,7} {tuned,9} {tunedRatio,7}".TrimEnd()
            : $"{network,-15} {density,7} {trainings,5} {own,9} {eager,9} {eagerRatio,7} {tuned,9} {tunedRatio,7}".TrimEnd();

    private static string Microseconds(double? milliseconds) => milliseconds is { } value
        ? (1e3 * value).ToString(value < 0.1 ? "0.0" : "#,0", CultureInfo.InvariantCulture)
        : "-";

    private static string Ratio(double? ratio) => ratio is { } value ? value.ToString(value < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture) + "×" : "";
}
