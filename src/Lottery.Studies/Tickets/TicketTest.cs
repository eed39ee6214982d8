using Lottery.Data;
using Lottery.Networks;
using Lottery.Prediction;
using Lottery.Tickets;

namespace Lottery.Studies.Tickets;

/// <summary>What a ticket reaches on a test set.</summary>
internal static class TicketTest
{
    private const int ImagesAtOnce = 512;

    /// <summary>Predicts every test image with exactly what the ticket holds.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="data">The set.</param>
    /// <param name="threads">At most so many, which do not change the accuracy.</param>
    /// <exception cref="UserException">The images are not what its network takes.</exception>
    public static MeasuredAccuracy Of(Ticket ticket, Dataset data, int threads)
    {
        Examples test = data.Test;
        if (data.ShapeMismatch(ticket.Network) is { } mismatch)
            throw new UserException($"The ticket's network {mismatch[..mismatch.LastIndexOf(';')]}: name other data.");
        if (test.AreNumeric && !ticket.Scale.IsPerFeature(ticket.Network.Input))
            throw new UserException($"The ticket's network takes images of bytes, but {data.Name} has numeric features: name other data.");
        if (data.Classes > ticket.Network.Outputs)
            throw new UserException($"The ticket's network has {ticket.Network.Outputs} classes, but {data.Name} has {data.Classes}: name other data.");
        using Predictor predictor = ticket.Predictor();
        int right = 0, parts = (test.Count + ImagesAtOnce - 1) / ImagesAtOnce;
        Parallel.For(0, parts, new() { MaxDegreeOfParallelism = threads }, part =>
        {
            int start = part * ImagesAtOnce;
            Interlocked.Add(ref right, Right(predictor, ticket.Scale, test, start, Math.Min(ImagesAtOnce, test.Count - start)));
        });
        return new(right, test.Count);
    }

    private static int Right(Predictor predictor, PixelScale scale, Examples test, int start, int count)
    {
        var classes = new int[count];
        if (test.AreNumeric) predictor.Predict(Standardized(scale, test, start, count), classes);
        else predictor.Predict(test.Pixels.Span.Slice(start * test.Features, count * test.Features), classes);
        int right = 0;
        for (int i = 0; i < count; i++)
            if (classes[i] == test.Labels.Span[start + i]) right++;
        return right;
    }

    /// <summary>Numeric features by the ticket's own numbers, not by those of the data.</summary>
    private static float[] Standardized(PixelScale scale, Examples test, int start, int count)
    {
        var inputs = new float[count * test.Features];
        for (int i = 0; i < count; i++)
            scale.Apply(test.Values.Span.Slice((start + i) * test.Features, test.Features), inputs.AsSpan(i * test.Features, test.Features));
        return inputs;
    }

    /// <summary>A predictor of what the ticket holds.</summary>
    public static Predictor Predictor(this Ticket ticket) => new(ticket.Mask, ticket.Weights, ticket.Scale);
}
