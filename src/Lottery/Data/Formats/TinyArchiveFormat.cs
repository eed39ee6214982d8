using System.Collections.Immutable;

namespace Lottery.Data.Formats;

/// <summary>A folder with the zip archive of Tiny ImageNet. Its images are JPEG files, which <c>Lottery.Formats</c> decodes.</summary>
internal sealed class TinyArchiveFormat : FolderFormat
{
    public const string FileName = "tiny-imagenet-200.zip";

    public override string Files => FileName;

    protected override string Expected => FileName;

    protected override ImmutableArray<string> Names { get; } = [FileName];

    protected override Dataset Read(DataLocation location) =>
        throw new UserException($"{location.Folder}: {FileName} holds JPEG files; load it by DataSource.Load of Lottery.Formats.");
}
