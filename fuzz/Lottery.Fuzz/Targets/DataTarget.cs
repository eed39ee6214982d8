using Lottery.Data;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>A data set in a folder, of which one file is damaged.</summary>
internal abstract class DataTarget : Target
{
    private Dictionary<string, byte[]>? _files;

    /// <summary>Whole files by their names.</summary>
    protected abstract Dictionary<string, byte[]> Whole { get; }

    public override Case Draw(Dice dice)
    {
        _files ??= Whole;
        string[] names = [.. _files.Keys];
        string name = dice.Of(names);
        return new(name, Damaged(name, _files[name], _files[dice.Of(names)], dice));
    }

    public override void Read(Case file, string folder)
    {
        foreach ((string name, byte[] content) in _files!)
            if (name != file.File) File.WriteAllBytes(Path.Combine(folder, name), content);
        var set = Dataset.Load(folder, new DatasetLocator(null, folder, folder));
        foreach (Examples examples in (ReadOnlySpan<Examples>)[set.Train, set.Test])
        {
            Require(examples.Count > 0 && examples.Pixels.Length == (long)examples.Count * examples.Features, "images and labels do not agree");
            Require(examples.Shape.Features == examples.Features, "an image has another number of bytes than its shape");
            foreach (byte label in examples.Labels.Span) Require(label < set.Classes, $"a label is {label} of {set.Classes} classes");
        }
    }

    public override long MostAllocated(Case file) => (4 << 20) + 64L * file.Content.Length;

    protected virtual byte[] Damaged(string name, byte[] file, byte[] other, Dice dice) => Bytes.Mutate(file, other, dice);

    /// <summary>Labels of three classes, each there.</summary>
    protected static byte[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];

    protected static byte[] Pixels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 37))];
}
