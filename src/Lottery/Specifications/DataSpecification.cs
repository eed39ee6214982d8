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

    /// <summary>How images are changed each time they are trained on; never when they are evaluated on.</summary>
    public Augmentation Augment { get; init; }
}

/// <summary>How the bytes of an image become values.</summary>
public enum Scaling
{
    /// <summary>Divided by 255.</summary>
    Unit,

    /// <summary>Minus the mean of their channel and divided by its standard deviation, over the examples that are trained on.</summary>
    MeanStd,
}

/// <summary>Random changes of an image, drawn afresh for every image in every epoch.</summary>
[Flags]
public enum Augmentation
{
    /// <summary>As it is.</summary>
    None = 0,

    /// <summary>Moved by up to four pixels in each direction, with byte 0 where nothing of it is.</summary>
    Crop = 1,

    /// <summary>Left and right exchanged in one of two cases.</summary>
    Flip = 2,
}
