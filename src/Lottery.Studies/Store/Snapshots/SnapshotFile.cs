using Lottery.Networks;
using Lottery.Studies.Store.Files;

namespace Lottery.Studies.Store.Snapshots;

/// <summary>The weights of a dense run at a step as a file: the run's id, the step, all values.</summary>
internal static class SnapshotFile
{
    private static readonly ChecksummedFile File = new("LOTSNAPS");

    /// <summary>Writes the file.</summary>
    public static void Write(FileStream file, string id, int step, Weights weights) => File.Write(file, writer =>
    {
        writer.Write(id);
        writer.Write(step);
        TensorCodec.WriteValues(writer, weights, _ => null);
    });

    /// <inheritdoc cref="ChecksummedFile.Check"/>
    public static string? Check(string path) => File.Check(path);

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserException">It is damaged, or of another run or step.</exception>
    public static Weights Read(string path, string id, int step, Network network) => File.Read(path, reader =>
    {
        if (reader.ReadString() != id || reader.ReadInt32() != step) throw StoreErrors.Damaged(path, "it belongs to another run or step");
        var weights = new Weights(network);
        TensorCodec.ReadValues(reader, weights, _ => null);
        return weights;
    });
}
