using Lottery.Data;
using Lottery.Formats;

namespace Lottery.Fuzz.Targets;

/// <summary>A data set of a user's own: a file of which all is damaged, or one file of a folder.</summary>
internal abstract class OwnDataTarget : Target
{
    /// <summary>Reads a set and makes sure that its parts agree.</summary>
    protected static void Read(string name)
    {
        Dataset set = DataSource.Load(name);
        Require(set.OwnValidation >= 0 && set.OwnValidation < set.Train.Count, "the validation set is not a part of the training part");
        foreach (Examples examples in (ReadOnlySpan<Examples>)[set.Train, set.Test])
        {
            Require(examples.Count > 0 && examples.Pixels.Length + examples.Values.Length == (long)examples.Count * examples.Features, "examples and labels do not agree");
            Require(examples.Shape.Features == examples.Features, "an example has another number of values than its shape");
            foreach (byte label in examples.Labels.Span) Require(label < set.Classes, $"a label is {label} of {set.Classes} classes");
            foreach (float value in examples.Values.Span) Require(float.IsFinite(value), "a feature is not a finite number");
        }
    }
}
