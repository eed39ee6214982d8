using Lottery.Data;
using Lottery.Prediction;
using Lottery.Tickets;

namespace Lottery.Studies.Tickets;

/// <summary>What a ticket reaches on a test set.</summary>
public static class TicketTest
{
    private const int PicturesAtOnce = 1_000;

    /// <summary>Predicts every test picture with exactly what the ticket holds.</summary>
    /// <exception cref="UserException">The pictures are not what its network takes.</exception>
    public static MeasuredAccuracy Of(Ticket ticket, Dataset data)
    {
        Examples test = data.Test;
        if (test.Features != ticket.Network.Inputs)
            throw new UserException($"The ticket's network takes {ticket.Network.Inputs} values, but a picture of {data.Name} has {test.Features}: name other data.");
        if (data.Classes > ticket.Network.Outputs)
            throw new UserException($"The ticket's network tells {ticket.Network.Outputs} classes apart, but {data.Name} has {data.Classes}: name other data.");
        using Predictor predictor = ticket.Predictor();
        int right = 0;
        var classes = new int[PicturesAtOnce];
        for (int start = 0; start < test.Count; start += PicturesAtOnce)
        {
            int count = Math.Min(PicturesAtOnce, test.Count - start);
            predictor.Predict(test.Pixels.Span.Slice(start * test.Features, count * test.Features), classes.AsSpan(0, count));
            ReadOnlySpan<byte> labels = test.Labels.Span.Slice(start, count);
            for (int i = 0; i < count; i++)
                if (classes[i] == labels[i]) right++;
        }
        return new(right, test.Count);
    }

    /// <summary>A predictor of what the ticket holds.</summary>
    public static Predictor Predictor(this Ticket ticket) => new(ticket.Mask, ticket.Weights, ticket.Scale);
}
