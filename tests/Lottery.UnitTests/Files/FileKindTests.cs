using System.Diagnostics;
using Lottery.Files;

namespace Lottery.UnitTests.Files;

/// <summary>What a path leads to is known before anything is opened, and only regular files are read and replaced.</summary>
public sealed class FileKindTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Kinds_are_found_through_links()
    {
        File.WriteAllText(_folder["file"], "x");
        File.CreateSymbolicLink(_folder["link"], _folder["file"]);
        File.CreateSymbolicLink(_folder["dangling"], _folder["none"]);
        Assert.Equal(FileKind.Regular, FileKinds.Of(_folder["file"]));
        Assert.Equal(FileKind.Regular, FileKinds.Of(_folder["link"]));
        Assert.Equal(FileKind.None, FileKinds.Of(_folder["dangling"]));
        Assert.Equal(FileKind.Folder, FileKinds.Of(_folder.Path));
        Assert.Equal(FileKind.None, FileKinds.Of(_folder["none"]));
    }

    [Fact]
    public void Devices_and_pipes_are_neither_read_nor_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes are made by mkfifo.");
        using (var make = Process.Start("mkfifo", _folder["pipe"])) make.WaitForExit();
        foreach (string special in new[] { _folder["pipe"], "/dev/zero", "/dev/null" })
        {
            Assert.Equal(FileKind.Special, FileKinds.Of(special));
            Assert.Contains("device or a pipe", Assert.Throws<IOException>(() => InputFile.Open(special)).Message, StringComparison.Ordinal);
            Assert.Contains("device or a pipe", Assert.Throws<IOException>(() => AtomicFile.Write(special, [1])).Message, StringComparison.Ordinal);
        }
        Assert.Equal(["pipe"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        // Readers turn that into their own sentence, and none waits.
        foreach (Action read in new Action[]
        {
            () => Lottery.Tickets.Ticket.Load(_folder["pipe"]),
            () => Lottery.Formats.Safetensors.SafetensorsReader.Read(_folder["pipe"]),
            () => Lottery.Formats.Yaml.YamlReader.ReadFile("/dev/zero"),
            () => Lottery.Formats.Images.ImageInput.Read("/dev/zero", Lottery.Networks.NetworkCatalogue.Get("mlp:4-2").Input),
        }) Assert.Contains("device or a pipe", Assert.Throws<UserException>(read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Larger_files_than_are_expected_are_not_read()
    {
        File.WriteAllBytes(_folder["file"], new byte[100]);
        Assert.Equal(100, InputFile.ReadAll(_folder["file"], 100).Length);
        Assert.Equal("it has 100 bytes, and at most 99 are read", Assert.Throws<InvalidDataException>(() => InputFile.ReadAll(_folder["file"], 99)).Message);
    }

    [Fact]
    public void Writing_touches_no_other_file_and_leaves_nothing_when_it_fails()
    {
        File.WriteAllText(_folder["a.txt"], "old");
        File.WriteAllText(_folder["a.txt.tmp"], "the user's own");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder["a.txt"], temporary =>
        {
            File.WriteAllText(temporary, "half");
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(_folder["a.txt"]));
        AtomicFile.Write(_folder["a.txt"], "new"u8.ToArray());
        Assert.Equal("new", File.ReadAllText(_folder["a.txt"]));
        Assert.Equal("the user's own", File.ReadAllText(_folder["a.txt.tmp"]));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }
}
