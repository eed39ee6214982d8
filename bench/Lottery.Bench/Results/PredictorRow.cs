namespace Lottery.Bench.Results;

/// <summary>From the bytes of a ticket to a first prediction: milliseconds.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Density">The ticket's, 0–1.</param>
/// <param name="Read">Reading the ticket.</param>
/// <param name="Made">Making a predictor of it.</param>
/// <param name="First">The first prediction.</param>
internal sealed record PredictorRow(string Network, double Density, double Read, double Made, double First);
