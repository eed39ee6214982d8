using System.Buffers.Binary;

namespace Lottery.Fuzz.Mutations;

/// <summary>What can happen to a file whose format one does not know.</summary>
internal static class Bytes
{
    private const int MostAdded = 1 << 12;

    /// <summary>The file after one to four mishaps.</summary>
    /// <param name="file">The file.</param>
    /// <param name="other">Another of the same format, to take pieces of.</param>
    /// <param name="dice">The random numbers.</param>
    public static byte[] Mutate(byte[] file, byte[] other, Dice dice)
    {
        for (int i = 1 + dice.Below(2) * dice.Below(4); i > 0; i--) file = Once(file, other, dice);
        return file;
    }

    private static byte[] Once(byte[] file, byte[] other, Dice dice)
    {
        int place = dice.Below(file.Length + 1);
        return dice.Below(9) switch
        {
            0 or 1 => Changed(file, place, value => (byte)(value ^ 1 << dice.Below(8))),
            2 => Changed(file, place, _ => dice.Of<byte>(0, 255, (byte)dice.Bits())),
            3 => file[..place],
            4 => [.. file[..place], .. file[Math.Min(file.Length, place + dice.Length(file.Length))..]],
            5 => [.. file[..place], .. Piece(dice.OneIn(2) ? file : other, dice), .. file[place..]],
            6 => [.. file[..place], .. other[Math.Min(other.Length, dice.OneIn(2) ? place : dice.Below(other.Length + 1))..]],
            7 => Number(file, place, dice),
            _ => Number(file, Math.Min(file.Length, dice.Below(16)), dice),
        };
    }

    private static byte[] Changed(byte[] file, int place, Func<byte, byte> change)
    {
        if (place == file.Length) return file;
        byte[] changed = [.. file];
        changed[place] = change(changed[place]);
        return changed;
    }

    private static byte[] Piece(byte[] file, Dice dice)
    {
        int start = dice.Below(file.Length + 1);
        return file[start..Math.Min(file.Length, start + dice.Length(MostAdded))];
    }

    /// <summary>A number where one might be, of an unexpected size.</summary>
    private static byte[] Number(byte[] file, int place, Dice dice)
    {
        int size = dice.Of(2, 4, 8);
        if (place + size > file.Length) return file;
        Span<byte> eight = stackalloc byte[8];
        ulong number = dice.Of<ulong>(
            0UL, 1UL, ulong.MaxValue, long.MaxValue, 1UL << 63, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, ushort.MaxValue,
            (ulong)file.Length, (ulong)file.Length + 1, (ulong)(file.Length - place), (ulong)dice.Below(256), dice.Bits());
        byte[] changed = [.. file];
        BinaryPrimitives.WriteUInt64LittleEndian(eight, number);
        eight = eight[..size];
        if (dice.OneIn(2)) eight.Reverse();
        eight.CopyTo(changed.AsSpan(place));
        return changed;
    }
}
