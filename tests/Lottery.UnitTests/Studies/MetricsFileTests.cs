using System.Security.Cryptography;
using Lottery.Studies.Store.Files;
using Lottery.Training;

namespace Lottery.UnitTests.Studies;

/// <summary>The evaluations and tests of a run as Parquet.</summary>
public sealed class MetricsFileTests : IDisposable
{
    private static readonly Evaluation[] s_evaluations =
        [new(0, 2.3, 0.1, double.NaN), new(10, 1.2, 0.6, 1.5), new(20, 0.9, 0.7, 1.0) { Kept = new(0.5, 0.4) }];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluations_are_read_as_they_were_and_tests_between_them_are_none()
    {
        byte[] bytes = MetricsFile.Write([.. s_evaluations], [new(5, 0.4, 1.9), new(10, 0.6, 1.3)]);
        File.WriteAllBytes(_folder["metrics.parquet"], bytes);
        Assert.Equal(s_evaluations, MetricsFile.Read(_folder["metrics.parquet"], Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }

    /// <summary>Runs of several threads finish at the same time.</summary>
    [Fact]
    public void Files_written_at_the_same_time_have_the_same_bytes()
    {
        byte[] first = MetricsFile.Write([.. s_evaluations], [new(5, 0.4, 1.9)]);
        byte[][] others = new byte[400][];
        Parallel.For(0, others.Length, new() { MaxDegreeOfParallelism = 8 }, i => others[i] = MetricsFile.Write([.. s_evaluations], [new(5, 0.4, 1.9)]));
        Assert.All(others, other => Assert.Equal(first, other));
    }
}
