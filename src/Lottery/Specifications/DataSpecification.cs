namespace Lottery.Specifications;

/// <summary>Which examples, told by their content: where the files lie and what they are called does not matter.</summary>
public sealed record DataSpecification
{
    /// <summary>SHA-256, in lower-case hexadecimal, over the set's examples (see <c>Dataset.Sha256</c>).</summary>
    public required string Sha256 { get; init; }

    /// <summary>How many training examples are held back for validation.</summary>
    public required int Validation { get; init; }

    /// <summary>The seed that draws the validation examples.</summary>
    public required ulong SplitSeed { get; init; }

    /// <summary>How bytes become values.</summary>
    public Scaling Scale { get; init; } = Scaling.Unit;
}

/// <summary>How the bytes of a picture become values.</summary>
public enum Scaling
{
    /// <summary>Divided by 255.</summary>
    Unit,
}
