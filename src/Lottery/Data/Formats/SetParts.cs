using System.Collections.Immutable;
using System.Globalization;

namespace Lottery.Data.Formats;

/// <summary>Makes a set of the parts that were read: checks that they belong together, and numbers the classes from 0.</summary>
/// <param name="name">What the set is called.</param>
/// <param name="wrong">The error for what does not fit; receives what is wrong, without a full stop.</param>
internal sealed class SetParts(string name, Func<string, UserException> wrong)
{
    private readonly List<string> _notes = [];

    /// <summary>The error for what does not fit.</summary>
    public UserException Wrong(string what) => wrong(what);

    /// <summary>The number of classes, where the format knows it; null to count the labels.</summary>
    public int? Classes { get; init; }

    /// <summary>The names of the classes, where the format knows them.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <summary>Images or features and as many labels.</summary>
    public LabelledPart Part(string imagesName, ExampleValues images, string labelsName, LabelValues labels)
    {
        if (images.Count != labels.Labels.Length)
            throw wrong($"{imagesName} has {images.Count:N0} images and {labelsName} {labels.Labels.Length:N0} labels");
        return new(ContentHash.Part.Of(images.With(labels.Labels)), labelsName, [images.Note, labels.Note]);
    }

    /// <summary>The set of all parts.</summary>
    /// <param name="train">The training part.</param>
    /// <param name="validation">A validation set of its own; null to hold back training examples.</param>
    /// <param name="test">The test part; null to test on the validation set, or else on a fifth of the training examples.</param>
    /// <exception cref="UserException">Shapes or classes differ.</exception>
    public Dataset Join(LabelledPart train, LabelledPart? validation, LabelledPart? test)
    {
        if (test is null && validation is not null)
        {
            _notes.Add($"{name} has no test part; its validation set is used for testing, and another is held back from the training examples");
            (validation, test) = (null, validation);
        }
        if (test is null) (train, test) = Sampled(train);
        foreach (LabelledPart part in Parts(train, validation, test))
            foreach (string? note in part.Notes)
                if (note is not null && !_notes.Contains(note)) _notes.Add(note);
        RequireAlike(train, validation, "validation");
        RequireAlike(train, test, "test");
        if (StartsAtOne(train, validation, test))
        {
            (train, validation, test) = (FromZero(train), validation is null ? null : FromZero(validation), FromZero(test));
            _notes.Add($"the labels of {name} are 1 to {LabelCheck.Largest(train.Examples.Labels.Span) + 1}; they are counted from 0");
        }
        int classes = Classes ?? LabelCheck.Count(train.Examples.Labels.Span, wrong);
        foreach (LabelledPart part in Parts(train, validation, test)) LabelCheck.Require(part.LabelsName, part.Examples.Labels.Span, classes, wrong);
        Examples all = validation is null ? train.Examples : train.Examples.Followed(validation.Examples);
        return new(name, ContentHash.Of(train.Content, validation?.Content, test.Content), classes, all, test.Examples)
        {
            ClassNames = ClassNames, OwnValidation = validation?.Examples.Count ?? 0, Notes = [.. _notes],
        };
    }

    private (LabelledPart Train, LabelledPart Test) Sampled(LabelledPart all)
    {
        ReadOnlySpan<byte> labels = all.Examples.Labels.Span;
        ImmutableArray<string> classes = ClassNames is { IsEmpty: false } ? ClassNames
            : [.. Enumerable.Range(0, LabelCheck.Largest(labels) + 1).Select(label => label.ToString(CultureInfo.InvariantCulture))];
        (int[] training, int[] test) = TestSample.Of(labels, classes);
        if (test.Length == 0) throw wrong($"no examples are left for testing; give at least {TestSample.OneIn} of a class, or files for training and testing");
        _notes.Add($"{name} has no test part; a fifth of each class, {test.Length:N0} of {labels.Length:N0} examples, is sampled for testing");
        return (Part(training), Part(test));

        LabelledPart Part(int[] indices) => all with { Content = ContentHash.Part.Of(all.Examples.At(indices)) };
    }

    private void RequireAlike(LabelledPart train, LabelledPart? other, string called)
    {
        if (other is null) return;
        if (train.Examples.AreNumeric != other.Examples.AreNumeric)
            throw wrong($"training examples are {Kind(train)}, but {called} examples are {Kind(other)}");
        if (train.Examples.Shape == other.Examples.Shape) return;
        throw train.Examples.AreNumeric
            ? wrong($"training examples have {train.Examples.Features} features, but {called} examples have {other.Examples.Features}")
            : wrong($"training images are {train.Examples.Shape}, but {called} images are {other.Examples.Shape}");
    }

    private static string Kind(LabelledPart part) => part.Examples.AreNumeric ? "numeric features" : "images of bytes";

    private bool StartsAtOne(LabelledPart train, LabelledPart? validation, LabelledPart test) =>
        train.Examples.Labels.Span is var labels && LabelCheck.Largest(labels) is > 1 and var largest && (Classes ?? largest) == largest
        && labels.Contains((byte)1) && Parts(train, validation, test).All(part => !part.Examples.Labels.Span.Contains((byte)0));

    private static LabelledPart FromZero(LabelledPart part)
    {
        byte[] labels = part.Examples.Labels.ToArray();
        for (int i = 0; i < labels.Length; i++) labels[i]--;
        return part with { Content = part.Content with { Examples = part.Examples with { Labels = labels }, Labels = ContentHash.Hex(labels) } };
    }

    private static IEnumerable<LabelledPart> Parts(LabelledPart train, LabelledPart? validation, LabelledPart test) =>
        validation is null ? [train, test] : [train, validation, test];
}

/// <summary>A part of a set.</summary>
/// <param name="Content">Its examples and their hashes.</param>
/// <param name="LabelsName">The file of its labels, for errors.</param>
/// <param name="Notes">What was done to read it.</param>
internal sealed record LabelledPart(ContentHash.Part Content, string LabelsName, ImmutableArray<string?> Notes)
{
    public Examples Examples => Content.Examples;
}
