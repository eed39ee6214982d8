namespace Lottery.Bench.Results;

/// <summary>Predicting with a ticket: microseconds a call.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Density">The ticket's, 0–1.</param>
/// <param name="Batch">Examples a call.</param>
/// <param name="Inputs">What they are.</param>
/// <param name="Microseconds">Ours.</param>
/// <param name="OnnxDense">ONNX Runtime's, on the dense network.</param>
/// <param name="OnnxZeros">ONNX Runtime's, on the ticket, pruned weights being zeros.</param>
/// <param name="Difference">The largest difference between the ticket's scores, ours and ONNX Runtime's.</param>
internal sealed record PredictionRow(
    string Network, double Density, int Batch, string Inputs, double Microseconds, double OnnxDense, double OnnxZeros, double Difference)
{
    public double Ratio => OnnxDense / Microseconds;
}
