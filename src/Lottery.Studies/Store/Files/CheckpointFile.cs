using System.Collections.Immutable;
using Lottery.Networks;
using Lottery.Training;

namespace Lottery.Studies.Store.Files;

/// <summary>A checkpoint as a file that begins with the run's id.</summary>
internal static class CheckpointFile
{
    private static readonly ChecksummedFile File = new("LOTCHECK");

    /// <summary>Writes the file.</summary>
    public static void Write(FileStream file, string id, Checkpoint checkpoint) => File.Write(file, writer =>
    {
        writer.Write(id);
        writer.Write(checkpoint.Step);
        writer.Write(checkpoint.LossSum);
        writer.Write(checkpoint.Seconds);
        writer.Write(checkpoint.EvaluationSeconds);
        WriteAll(writer, checkpoint.Evaluations, Write);
        WriteAll(writer, checkpoint.Tested, Write);
        WriteAll(writer, checkpoint.BatchOrders, static (writer, order) => writer.Write(order));
        TrainedTensors trained = checkpoint.Weights ?? checkpoint.Scores!;
        writer.Write(checkpoint.Scores is not null);
        TensorCodec.WriteSparse(writer, trained.Current);
        TensorCodec.WriteSparse(writer, trained.Best);
        WriteAll(writer, trained.Moments, TensorCodec.WriteSparse);
    });

    /// <summary>Reads the checkpoint of a run.</summary>
    /// <exception cref="UserException">The file is damaged, or of another run.</exception>
    public static Checkpoint Read(string path, string id, Network network) => File.Read(path, reader =>
    {
        if (reader.ReadString() != id) throw StoreErrors.Damaged(path, "it belongs to another run");
        var checkpoint = new Checkpoint
        {
            Step = reader.ReadInt32(),
            LossSum = reader.ReadDouble(),
            Seconds = reader.ReadDouble(),
            EvaluationSeconds = reader.ReadDouble(),
            Evaluations = ReadAll(reader, ReadEvaluation),
            Tested = ReadAll(reader, static reader => new TestedStep(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble())),
            BatchOrders = ReadAll(reader, static reader => reader.ReadString()),
        };
        bool areScores = reader.ReadBoolean();
        var trained = new TrainedTensors(
            TensorCodec.ReadSparse(reader, network), TensorCodec.ReadSparse(reader, network),
            ReadAll(reader, reader => TensorCodec.ReadSparse(reader, network)));
        return areScores ? checkpoint with { Scores = trained } : checkpoint with { Weights = trained };
    });

    /// <summary>The step of a checkpoint, read from its beginning alone; 0 where no checkpoint can be read.</summary>
    public static int ReadStep(string path, string id)
    {
        if (!RegularFile.HasContent(path)) return 0;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new BinaryReader(stream);
            File.ReadHead(reader);
            return reader.ReadString() == id ? reader.ReadInt32() : 0;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return 0;
        }
    }

    private static void WriteAll<T>(BinaryWriter writer, ImmutableArray<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write(items.Length);
        foreach (T item in items) write(writer, item);
    }

    private static ImmutableArray<T> ReadAll<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        int count = reader.ReadInt32();
        var items = ImmutableArray.CreateBuilder<T>();
        for (int i = 0; i < count; i++) items.Add(read(reader));
        return items.ToImmutable();
    }

    private static void Write(BinaryWriter writer, TestedStep tested)
    {
        writer.Write(tested.Step);
        writer.Write(tested.Accuracy);
        writer.Write(tested.Loss);
    }

    private static void Write(BinaryWriter writer, Evaluation evaluation)
    {
        writer.Write(evaluation.Step);
        writer.Write(evaluation.Loss);
        writer.Write(evaluation.Accuracy);
        writer.Write(evaluation.TrainingLoss);
        writer.Write(evaluation.Kept is not null);
        if (evaluation.Kept is not { } kept) return;
        writer.Write(kept.Expected);
        writer.Write(kept.Thresholded);
    }

    private static Evaluation ReadEvaluation(BinaryReader reader) =>
        new(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble())
        {
            Kept = reader.ReadBoolean() ? new(reader.ReadDouble(), reader.ReadDouble()) : null,
        };
}
