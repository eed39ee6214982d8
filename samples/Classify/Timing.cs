using System.Diagnostics;
using System.Globalization;
using Lottery.Kernels;
using Lottery.Prediction;

namespace Lottery.Samples;

/// <summary>Measures the time of one prediction, and names the kernels in use.</summary>
internal static class Timing
{
    private const int Rounds = 15;

    public static string Of(Predictor predictor, byte[] pixels)
    {
        var rounds = new double[Rounds];
        int calls = 1;
        while (Time(predictor, pixels, calls) < 2e-3) calls *= 2;
        for (int i = 0; i < Rounds; i++) rounds[i] = 1e6 * Time(predictor, pixels, calls) / calls;
        return string.Create(CultureInfo.InvariantCulture,
            $"{rounds.Order().ElementAt(Rounds / 2):F2} µs a prediction, kernels {KernelRegistry.Chosen}");
    }

    private static double Time(Predictor predictor, byte[] pixels, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) predictor.Predict(pixels);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
