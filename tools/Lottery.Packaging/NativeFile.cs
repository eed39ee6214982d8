using System.Buffers.Binary;

namespace Lottery.Packaging;

/// <summary>For which systems a program or a native library is: read off its header (ELF, Mach-O, PE).</summary>
internal static class NativeFile
{
    private const uint FatMagic = 0xCAFEBABE, MachMagic = 0xCFFAEDFE;
    private const int FatHeader = 8, FatEntry = 20;

    /// <summary>The runtime identifiers that the file is for; none if it is no native file of a system that there are releases for.</summary>
    public static string[] Systems(ReadOnlySpan<byte> file)
    {
        if (file.Length < 64) return [];
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(file);
        if (magic == 0x7F454C46) return Named("linux", BinaryPrimitives.ReadUInt16LittleEndian(file[18..]) switch { 62 => "x64", 183 => "arm64", _ => null });
        if (magic == MachMagic) return Named("osx", MacArchitecture(BinaryPrimitives.ReadUInt32LittleEndian(file[4..])));
        if (magic == FatMagic) return [.. Slices(file).Select(slice => slice.System)];
        int header = BinaryPrimitives.ReadInt32LittleEndian(file[60..]);
        return file[..2].SequenceEqual("MZ"u8) && header >= 0 && header <= file.Length - 6 && file.Slice(header, 4).SequenceEqual("PE\0\0"u8)
            ? Named("win", BinaryPrimitives.ReadUInt16LittleEndian(file[(header + 4)..]) switch { 0x8664 => "x64", 0xAA64 => "arm64", _ => null })
            : [];
    }

    /// <summary>The part of a file for several processors that is for one; the file itself if it is for one.</summary>
    public static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> file, string system)
    {
        if (file.Length < 64 || BinaryPrimitives.ReadUInt32BigEndian(file) != FatMagic) return file;
        foreach ((string name, int offset, int length) in Slices(file))
            if (name == system) return file.Slice(offset, length);
        return file;
    }

    private static List<(string System, int Offset, int Length)> Slices(ReadOnlySpan<byte> file)
    {
        List<(string, int, int)> slices = [];
        uint count = BinaryPrimitives.ReadUInt32BigEndian(file[4..]);
        for (int i = 0; i < count && FatHeader + (i + 1) * FatEntry <= file.Length; i++)
        {
            ReadOnlySpan<byte> entry = file.Slice(FatHeader + i * FatEntry, FatEntry);
            uint offset = BinaryPrimitives.ReadUInt32BigEndian(entry[8..]), length = BinaryPrimitives.ReadUInt32BigEndian(entry[12..]);
            if (MacArchitecture(BinaryPrimitives.ReadUInt32BigEndian(entry)) is { } architecture && (ulong)offset + length <= (ulong)file.Length)
                slices.Add(("osx-" + architecture, (int)offset, (int)length));
        }
        return slices;
    }

    private static string? MacArchitecture(uint processor) => processor switch { 0x01000007 => "x64", 0x0100000C => "arm64", _ => null };

    private static string[] Named(string system, string? architecture) => architecture is null ? [] : [$"{system}-{architecture}"];
}
