namespace Lottery.Data;

/// <summary>A set of labelled pictures: one part for training and validation, one for testing.</summary>
/// <param name="Name">What it is called: <c>mnist</c>, or the path's last part.</param>
/// <param name="Sha256">SHA-256 over sizes, pixels and labels of both parts, in lower-case hexadecimal.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Train">The official training part.</param>
/// <param name="Test">The official test part.</param>
public sealed record Dataset(string Name, string Sha256, int Classes, Examples Train, Examples Test)
{
    /// <summary>Holds back <paramref name="validation"/> training examples, drawn by <paramref name="seed"/>.</summary>
    public SplitDataset Split(int validation, ulong seed) => throw new NotImplementedException();
}
