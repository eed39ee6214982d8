namespace Lottery.Fuzz.Targets;

/// <summary>The binary batches of CIFAR-10, and the names of its classes.</summary>
internal sealed class CifarTarget : DataTarget
{
    private const int ImageLength = 3 * 32 * 32;

    public override string Name => "cifar";

    protected override Dictionary<string, byte[]> Whole => new(
        Enumerable.Range(1, 5).Select(i => KeyValuePair.Create($"data_batch_{i}.bin", Records(i)))
            .Append(new("test_batch.bin", Records(3)))
            .Append(new("batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n"u8.ToArray())));

    private static byte[] Records(int first) => [(byte)first, .. Pixels(ImageLength), (byte)(first + 1), .. Pixels(ImageLength)];
}
