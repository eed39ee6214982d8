namespace Lottery.Cuda.Estimates;

/// <summary>What work takes of a card, in seconds.</summary>
/// <param name="Busy">The time in which nothing else could run: work of other trainings adds to it.</param>
/// <param name="Waiting">The time besides in which the training waits and others may run: launches one after the other.</param>
internal readonly record struct CardTime(double Busy, double Waiting)
{
    /// <summary>The seconds of a training that has the card by itself.</summary>
    public double Alone => Busy + Waiting;

    public static CardTime operator +(CardTime one, CardTime other) => new(one.Busy + other.Busy, one.Waiting + other.Waiting);

    public static CardTime operator *(double times, CardTime one) => new(times * one.Busy, times * one.Waiting);
}
