using Lottery.Prediction;
using Lottery.Tickets;

namespace Lottery.Samples;

/// <summary>The example of docs/runtime.md, compiled as a user of the library compiles it.</summary>
internal static class RuntimeExample
{
    public static void Predict(byte[] pixels, float[] values)
    {
        // example
        Ticket ticket = Ticket.Load("digits.ticket");
        using var predictor = new Predictor(ticket); // or, for predictions only: Predictor.Load("digits.ticket")

        int digit = predictor.Predict(pixels);       // one image: 784 bytes, row by row, scaled as in training
        Console.WriteLine(ticket.Classes[digit]);

        var scores = new float[64 * predictor.Classes];
        predictor.Scores(values, scores);            // 64 examples of 784 values that are scaled already
        // end
    }
}
