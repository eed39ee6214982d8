using System.Collections.Immutable;
using System.Security.Cryptography;
using Lottery.Training;
using Parquet;
using Parquet.Schema;

namespace Lottery.Studies.Store.Files;

/// <summary>
/// A run's evaluations as a Parquet table: <c>step, loss, accuracy, training_loss</c>, one row for each step; where a
/// mask is learned also <c>kept_fraction, thresholded_fraction</c>.
/// </summary>
internal static class MetricsFile
{
    private static readonly DataField<int> Step = new("step");
    private static readonly DataField<double>
        Loss = new("loss"), Accuracy = new("accuracy"), TrainingLoss = new("training_loss"),
        KeptFraction = new("kept_fraction"), ThresholdedFraction = new("thresholded_fraction");

    /// <summary>The bytes of the file.</summary>
    public static byte[] Write(ImmutableArray<Evaluation> evaluations) =>
        WriteAsync(evaluations).GetAwaiter().GetResult();

    /// <summary>The evaluations in a file whose SHA-256 is <paramref name="hash"/>.</summary>
    /// <exception cref="UserException">The file is damaged.</exception>
    public static ImmutableArray<Evaluation> Read(string path, string hash)
    {
        byte[] bytes = ReadChecked(path, hash);
        try
        {
            return ReadAsync(bytes).GetAwaiter().GetResult();
        }
        catch (Exception wrong)
        {
            throw StoreErrors.Damaged(path, "it is not a Parquet table of evaluations", wrong);
        }
    }

    /// <summary>The sentence about a file that is missing or damaged; null where it is as it was written.</summary>
    public static string? Check(string path, string hash)
    {
        try
        {
            ReadChecked(path, hash);
            return null;
        }
        catch (UserException damaged)
        {
            return damaged.Message;
        }
    }

    private static byte[] ReadChecked(string path, string hash)
    {
        byte[] bytes = RegularFile.ReadOfRun(path);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == hash ? bytes
            : throw StoreErrors.Damaged(path, "its SHA-256 is not the one in run.json");
    }

    private static async Task<byte[]> WriteAsync(ImmutableArray<Evaluation> evaluations)
    {
        using var stream = new MemoryStream();
        bool learned = evaluations.Any(evaluation => evaluation.Kept is not null);
        var schema = new ParquetSchema(
            [Step, Loss, Accuracy, TrainingLoss, .. learned ? (Field[])[KeptFraction, ThresholdedFraction] : []]);
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream))
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            await rows.WriteAsync<int>(Step, Column(evaluations, evaluation => evaluation.Step));
            await rows.WriteAsync<double>(Loss, Column(evaluations, evaluation => evaluation.Loss));
            await rows.WriteAsync<double>(Accuracy, Column(evaluations, evaluation => evaluation.Accuracy));
            await rows.WriteAsync<double>(TrainingLoss, Column(evaluations, evaluation => evaluation.TrainingLoss));
            if (learned)
            {
                await rows.WriteAsync<double>(KeptFraction, Column(evaluations, evaluation => evaluation.Kept!.Expected));
                await rows.WriteAsync<double>(ThresholdedFraction, Column(evaluations, evaluation => evaluation.Kept!.Thresholded));
            }
        }
        return stream.ToArray();
    }

    private static ReadOnlyMemory<T> Column<T>(ImmutableArray<Evaluation> rows, Func<Evaluation, T> value) =>
        rows.Select(value).ToArray();

    private static async Task<ImmutableArray<Evaluation>> ReadAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream);
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(0);
        int count = checked((int)rows.RowCount);
        int[] steps = new int[count];
        await rows.ReadAsync<int>(reader.Schema.FindDataField("step"), steps);
        double[] losses = await Doubles("loss"), accuracies = await Doubles("accuracy"), training = await Doubles("training_loss");
        bool learned = reader.Schema.DataFields.Any(field => field.Name == KeptFraction.Name);
        double[]? kept = learned ? await Doubles(KeptFraction.Name) : null, thresholded = learned ? await Doubles(ThresholdedFraction.Name) : null;
        return
        [
            .. Enumerable.Range(0, count).Select(i => new Evaluation(steps[i], losses[i], accuracies[i], training[i])
            {
                Kept = kept is null || thresholded is null ? null : new(kept[i], thresholded[i]),
            }),
        ];

        async Task<double[]> Doubles(string name)
        {
            var values = new double[count];
            await rows.ReadAsync<double>(reader.Schema.FindDataField(name), values);
            return values;
        }
    }
}
