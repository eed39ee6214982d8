using Lottery.Numerics;

namespace Lottery.Data;

/// <summary>
/// Samples a test set where files hold none: a fifth of each class, rounded down, by a permutation of the stream
/// <c>test/CLASS</c> of seed 0, so that it depends on the number of examples only.
/// </summary>
internal static class TestSample
{
    /// <summary>One example in so many is for testing.</summary>
    public const int OneIn = 5;

    /// <summary>The indices of training and of test examples, ascending within each class.</summary>
    /// <param name="labels">The class of each example.</param>
    /// <param name="classes">The names of the classes.</param>
    public static (int[] Training, int[] Test) Of(ReadOnlySpan<byte> labels, IReadOnlyList<string> classes)
    {
        var members = new List<int>[classes.Count];
        for (int label = 0; label < members.Length; label++) members[label] = [];
        for (int i = 0; i < labels.Length; i++) members[labels[i]].Add(i);
        var (training, test) = (new List<int>(), new List<int>());
        for (int label = 0; label < members.Length; label++)
        {
            int[] order = new RandomStream(0, $"test/{classes[label]}").Permutation(members[label].Count);
            int tested = order.Length / OneIn;
            test.AddRange(order[..tested].Order().Select(index => members[label][index]));
            training.AddRange(order[tested..].Order().Select(index => members[label][index]));
        }
        return ([.. training], [.. test]);
    }
}
