namespace Lottery.Fuzz.Stores;

/// <summary>The files of a folder as one file: how many, then the path and the content of each; a path that ends with a slash is a folder.</summary>
internal static class FolderImage
{
    /// <summary>The bytes of the image.</summary>
    public static byte[] Write(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        KeyValuePair<string, byte[]>[] all = [.. files.OrderBy(file => file.Key, StringComparer.Ordinal)];
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(all.Length);
        foreach ((string path, byte[] content) in all)
        {
            writer.Write(path);
            writer.Write(content.Length);
            writer.Write(content);
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Writes the files into a folder that is not there.</summary>
    public static void Unpack(byte[] image, string folder)
    {
        using var reader = new BinaryReader(new MemoryStream(image));
        Directory.CreateDirectory(folder);
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            string path = Path.Combine(folder, reader.ReadString());
            byte[] content = reader.ReadBytes(reader.ReadInt32());
            if (path.EndsWith('/'))
            {
                Directory.CreateDirectory(path);
                continue;
            }
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
    }

    /// <summary>The files of a folder, by their paths in it.</summary>
    public static Dictionary<string, byte[]> Read(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes);
}
