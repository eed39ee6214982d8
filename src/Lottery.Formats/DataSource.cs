using Lottery.Data;
using Lottery.Formats.Images;

namespace Lottery.Formats;

/// <summary>Loads a data set by name or path.</summary>
public static class DataSource
{
    private const string Folder = "folder:";

    /// <summary>
    /// <c>folder:PATH</c> is a folder with a subfolder of images for each class (see <see cref="ImageFolder"/>); anything else
    /// is the name of a set, or a folder whose format is recognized by its files (see <see cref="Dataset.Load(string)"/>).
    /// </summary>
    /// <exception cref="UserException">There is no such set, or its files are damaged.</exception>
    public static Dataset Load(string name) =>
        name.StartsWith(Folder, StringComparison.Ordinal) ? ImageFolder.Load(name[Folder.Length..]) : Dataset.Load(name);
}
