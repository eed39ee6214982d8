namespace Lottery.Specifications;

/// <summary>The examples of a run, identified by their content: file names and folders do not matter.</summary>
public sealed record DataSpecification
{
    /// <summary>SHA-256, in lower-case hexadecimal, over the data set's examples (see <c>Dataset.Sha256</c>).</summary>
    public required string Sha256 { get; init; }

    /// <summary>Training examples held out for validation.</summary>
    public required int Validation { get; init; }

    /// <summary>The seed that selects the validation examples; null for that of each run.</summary>
    public ulong? SplitSeed { get; init; }

    /// <summary>How bytes become values.</summary>
    public Scaling Scale { get; init; } = Scaling.Unit;

    /// <summary>Random changes of a training image; images are never changed for evaluation.</summary>
    public Augmentation Augment { get; init; }
}

/// <summary>How the bytes of an image become values.</summary>
public enum Scaling
{
    /// <summary>Divided by 255.</summary>
    Unit,

    /// <summary>Minus the channel's mean, divided by its standard deviation; both over the examples that are trained on.</summary>
    MeanStd,
}

/// <summary>Random changes of a training image, sampled again for every image in every epoch.</summary>
[Flags]
public enum Augmentation
{
    /// <summary>The image is not changed.</summary>
    None = 0,

    /// <summary>Random shift by up to 4 pixels in each direction; uncovered pixels have byte 0.</summary>
    Crop = 1,

    /// <summary>Horizontal flip with probability 0.5.</summary>
    Flip = 2,
}
