using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using Lottery.Packaging;

namespace Lottery.RepositoryTests.Packaging;

/// <summary><c>./dev release</c> reads each archive back: files, permissions, and the processor that each header names.</summary>
public sealed class ReleaseContentsTests : IDisposable
{
    private static readonly string[] s_others = ["LICENSE", "studies/a.yaml"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("linux-x64", "lottery", "libduckdb.so", "libSkiaSharp.so")]
    [InlineData("linux-arm64", "lottery", "libduckdb.so", "libSkiaSharp.so")]
    [InlineData("osx-x64", "lottery", "libduckdb.dylib", "libSkiaSharp.dylib")]
    [InlineData("osx-arm64", "lottery", "libduckdb.dylib", "libSkiaSharp.dylib")]
    [InlineData("win-x64", "lottery.exe", "duckdb.dll", "libSkiaSharp.dll")]
    public void A_release_as_it_must_be_has_no_fault(string system, params string[] native)
    {
        string archive = Archive(system, [.. native.Select(name => (name, Header(system))), .. s_others.Select(name => (name, new byte[] { 1 }))]);
        Assert.Empty(Faults(archive, system));
    }

    [Fact]
    public void What_is_missing_or_does_not_belong_there_is_named() => Assert.Equal(
        ["lottery-linux-x64/LICENSE is missing.", "lottery-linux-x64/libSkiaSharp.so is missing.", "lottery-linux-x64/libSkiaSharp.pdb does not belong there.", "lottery-linux-x64/studies/a.yaml is empty."],
        Faults(Archive("linux-x64", [("lottery", Header("linux-x64")), ("libduckdb.so", Header("linux-x64")), ("libSkiaSharp.pdb", [1]), ("studies/a.yaml", [])]), "linux-x64")
            .OrderBy(fault => fault.EndsWith("missing.", StringComparison.Ordinal) ? 0 : 1).ThenBy(fault => fault, StringComparer.Ordinal));

    [Fact]
    public void A_library_of_another_processor_and_a_program_that_cannot_be_executed_are_named()
    {
        string archive = Archive("linux-x64",
            [("lottery", Header("linux-x64")), ("libduckdb.so", Header("linux-arm64")), ("libSkiaSharp.so", "plain text"u8.ToArray().Concat(new byte[64]).ToArray()), .. s_others.Select(name => (name, new byte[] { 1 }))],
            executable: false);
        Assert.Equal(
            [
                "lottery-linux-x64/libduckdb.so is for linux-arm64, not for linux-x64.", "lottery-linux-x64/libSkiaSharp.so is for no system, not for linux-x64.",
                "lottery-linux-x64/lottery cannot be executed: its permissions are 644.",
            ],
            Faults(archive, "linux-x64"));
    }

    [Fact]
    public void A_link_is_refused()
    {
        string archive = _folder["a.tar.gz"];
        using (var packed = new GZipStream(File.Create(archive), CompressionLevel.Fastest))
        using (var tar = new TarWriter(packed))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "lottery-linux-x64/lottery") { LinkName = "/bin/sh" });
        Assert.Contains("is a SymbolicLink", Assert.Throws<PackagingException>(() => ReleaseContents.Read(archive)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_for_two_processors_is_cut_to_one()
    {
        byte[] arm = [.. Header("osx-arm64"), 1, 2, 3], x64 = [.. Header("osx-x64"), 4], both = new byte[300];
        uint[] header = [0xCAFEBABE, 2, 0x01000007, 3, 100, (uint)x64.Length, 0, 0x0100000C, 0, 200, (uint)arm.Length, 0];
        for (int i = 0; i < header.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(both.AsSpan(4 * i), header[i]);
        x64.CopyTo(both, 100);
        arm.CopyTo(both, 200);
        Assert.Equal(["osx-x64", "osx-arm64"], NativeFile.Systems(both));
        Assert.Equal(arm, NativeFile.Slice(both, "osx-arm64").ToArray());
        Assert.Equal(x64, NativeFile.Slice(both, "osx-x64").ToArray());
        Assert.Equal(arm, NativeFile.Slice(arm, "osx-arm64").ToArray());
    }

    private static IReadOnlyList<string> Faults(string archive, string system) => ReleaseContents.Faults(ReleaseContents.Read(archive), system, s_others);

    private string Archive(string system, (string Name, byte[] Content)[] files, bool executable = true)
    {
        string archive = _folder[system.StartsWith("win", StringComparison.Ordinal) ? "a.zip" : "a.tar.gz"];
        using FileStream stream = File.Create(archive);
        if (archive.EndsWith("zip", StringComparison.Ordinal))
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
            foreach ((string name, byte[] content) in files)
            {
                using Stream entry = zip.CreateEntry($"lottery-{system}/{name}").Open();
                entry.Write(content);
            }
            return archive;
        }
        using var packed = new GZipStream(stream, CompressionLevel.Fastest);
        using var tar = new TarWriter(packed);
        foreach ((string name, byte[] content) in files)
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"lottery-{system}/{name}")
            {
                DataStream = new MemoryStream(content), Mode = (UnixFileMode)(executable && name == "lottery" ? 0b111_101_101 : 0b110_100_100),
            });
        return archive;
    }

    /// <summary>The start of a program for a system.</summary>
    private static byte[] Header(string system)
    {
        byte[] header = new byte[96];
        bool arm = system.EndsWith("arm64", StringComparison.Ordinal);
        if (system.StartsWith("linux", StringComparison.Ordinal))
        {
            "\u007FELF"u8.CopyTo(header);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), (ushort)(arm ? 183 : 62));
        }
        else if (system.StartsWith("osx", StringComparison.Ordinal))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header, 0xFEEDFACF);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), arm ? 0x0100000Cu : 0x01000007u);
        }
        else
        {
            "MZ"u8.CopyTo(header);
            header[60] = 70;
            "PE\0\0"u8.CopyTo(header.AsSpan(70));
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(74), (ushort)(arm ? 0xAA64 : 0x8664));
        }
        return header;
    }
}
