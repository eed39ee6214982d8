using System.IO.Compression;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>What <c>torch.save</c> writes: archives with a damaged pickle, a damaged storage or damaged as a whole, and the older form.</summary>
internal sealed class TorchTarget : WeightsTarget
{
    private static readonly byte[][] s_zips = [TorchSample.Zip(Plain), TorchSample.Zip(Pruned, "state_dict"), TorchSample.Zip(Plain, "model")];
    private static readonly byte[][] s_legacy = [TorchSample.Legacy(Plain), TorchSample.Legacy(Pruned, "model_state_dict")];

    public override string Name => "torch";

    public override Case Draw(Dice dice)
    {
        if (dice.OneIn(3)) return new("some.pth", Bytes.Mutate(dice.Of(s_legacy), dice.Of(s_legacy), dice));
        byte[] file = dice.Of(s_zips), other = dice.Of(s_zips);
        if (dice.OneIn(4)) return new("some.pth", Bytes.Mutate(file, other, dice));
        using var archive = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        using var second = new ZipArchive(new MemoryStream(other), ZipArchiveMode.Read);
        int damaged = dice.OneIn(2) ? 0 : dice.Below(archive.Entries.Count);
        byte[] piece = Content(second.Entries[0]);
        return new("some.pth", Zip(archive.Entries.Select((entry, i) =>
            (entry.FullName, i == damaged ? Bytes.Mutate(Content(entry), piece, dice) : Content(entry))), dice));
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using Stream member = entry.Open();
        byte[] content = new byte[entry.Length];
        member.ReadExactly(content);
        return content;
    }
}
