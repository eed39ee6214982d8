using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>The Python version of CIFAR-100: three pickles. Most damage is done to their instructions, not to the pixels.</summary>
internal sealed class CifarPickleTarget : DataTarget
{
    private const int Around = 150;

    public override string Name => "cifar-pickle";

    protected override Dictionary<string, byte[]> Whole => new()
    {
        ["train"] = CifarPickleSample.Batch(2, 1, "fine_labels", python2: true), ["test"] = CifarPickleSample.Batch(2, 3, "fine_labels", python2: false),
        ["meta"] = CifarPickleSample.Names("fine_label_names", python2: true, "apple", "bear", "cattle"),
    };

    protected override byte[] Damaged(string name, byte[] file, byte[] other, Dice dice)
    {
        if (file.Length < 2 * Around || dice.OneIn(4)) return Bytes.Mutate(file, other, dice);
        return dice.OneIn(3) ? [.. file[..^Around], .. Bytes.Mutate(file[^Around..], other[^Math.Min(Around, other.Length)..], dice)]
            : [.. Bytes.Mutate(file[..Around], other[..Math.Min(Around, other.Length)], dice), .. file[Around..]];
    }
}
