using System.Text;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>A YAML file of some kind, damaged as a text or as bytes.</summary>
internal abstract class YamlTarget : Target
{
    private string[]? _texts;

    /// <summary>Whole files.</summary>
    protected abstract string[] Whole { get; }

    /// <summary>Words that the kind knows.</summary>
    protected abstract string[] Known { get; }

    public override Case Draw(Dice dice)
    {
        _texts ??= Whole;
        string text = dice.Of(_texts), other = dice.Of(_texts);
        return new($"{Name}.yaml", dice.OneIn(5)
            ? Bytes.Mutate(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(other), dice)
            : Encoding.UTF8.GetBytes(Words.Mutate(text, other, dice, Known)));
    }

    // The file is first read into a buffer as large as the largest that is read; a letter may be a value with its place.
    public override long MostAllocated(Case file) => (8 << 20) + 2048L * file.Content.Length;
}
