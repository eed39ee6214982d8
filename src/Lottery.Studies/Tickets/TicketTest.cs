using Lottery.Data;
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
        if (test.Features != ticket.Network.Inputs)
            throw new UserException($"The ticket's network takes {ticket.Network.Inputs} values, but an image of {data.Name} has {test.Features}: name other data.");
        if (data.Classes > ticket.Network.Outputs)
            throw new UserException($"The ticket's network has {ticket.Network.Outputs} classes, but {data.Name} has {data.Classes}: name other data.");
        using Predictor predictor = ticket.Predictor();
        int right = 0, parts = (test.Count + ImagesAtOnce - 1) / ImagesAtOnce;
        Parallel.For(0, parts, new() { MaxDegreeOfParallelism = threads }, part =>
        {
            int start = part * ImagesAtOnce;
            Interlocked.Add(ref right, Right(predictor, test, start, Math.Min(ImagesAtOnce, test.Count - start)));
        });
        return new(right, test.Count);
    }

    private static int Right(Predictor predictor, Examples test, int start, int count)
    {
        var classes = new int[count];
        predictor.Predict(test.Pixels.Span.Slice(start * test.Features, count * test.Features), classes);
        int right = 0;
        for (int i = 0; i < count; i++)
            if (classes[i] == test.Labels.Span[start + i]) right++;
        return right;
    }

    /// <summary>A predictor of what the ticket holds.</summary>
    public static Predictor Predictor(this Ticket ticket) => new(ticket.Mask, ticket.Weights, ticket.Scale);
}
