using System.Collections.Immutable;
using System.Security.Cryptography;
using Lottery.Training;
using Parquet;
using Parquet.Schema;

namespace Lottery.Studies.Store.Files;

/// <summary>
/// A run's evaluations as a Parquet table: <c>step, loss, accuracy, training_loss, test_accuracy, test_loss</c>, one row for each
/// step that was evaluated or tested, NaN where it was not; where a mask is learned also <c>kept_fraction, thresholded_fraction</c>.
/// </summary>
internal static class MetricsFile
{
    /// <summary>The column of the steps.</summary>
    public static readonly DataField<int> Step = new("step");

    // No column is nullable: Parquet.Net 6.1 writes wrong definition levels now and then when several threads write files.
    private static readonly DataField<double>
        Loss = new("loss"), Accuracy = new("accuracy"), TrainingLoss = new("training_loss"),
        TestAccuracy = new("test_accuracy"), TestLoss = new("test_loss"),
        KeptFraction = new("kept_fraction"), ThresholdedFraction = new("thresholded_fraction");

    /// <summary>The other columns; <paramref name="learned"/> where a mask was learned.</summary>
    public static DataField<double>[] Columns(bool learned) =>
        [Loss, Accuracy, TrainingLoss, TestAccuracy, TestLoss, .. learned ? (DataField<double>[])[KeptFraction, ThresholdedFraction] : []];

    /// <summary>The bytes of the file.</summary>
    public static byte[] Write(ImmutableArray<Evaluation> evaluations, ImmutableArray<TestedStep> tested) =>
        WriteAsync(MetricsRow.Of(evaluations, tested)).GetAwaiter().GetResult();

    /// <summary>The evaluations in a file whose SHA-256 is <paramref name="hash"/>.</summary>
    /// <exception cref="UserException">The file is damaged.</exception>
    public static ImmutableArray<Evaluation> Read(string path, string hash) => ReadTable(path, hash).Evaluations();

    /// <summary>The columns of a file whose SHA-256 is <paramref name="hash"/>.</summary>
    /// <exception cref="UserException">The file is damaged.</exception>
    public static MetricsTable ReadTable(string path, string hash)
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

    private static async Task<byte[]> WriteAsync(MetricsRow[] all)
    {
        using var stream = new MemoryStream();
        bool learned = all.Any(row => row.Evaluation?.Kept is not null);
        var schema = new ParquetSchema([Step, .. Columns(learned)]);
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream))
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            await rows.WriteAsync<int>(Step, Column(all, row => row.Step));
            await rows.WriteAsync<double>(Loss, Column(all, row => row.Evaluation?.Loss ?? double.NaN));
            await rows.WriteAsync<double>(Accuracy, Column(all, row => row.Evaluation?.Accuracy ?? double.NaN));
            await rows.WriteAsync<double>(TrainingLoss, Column(all, row => row.Evaluation?.TrainingLoss ?? double.NaN));
            await rows.WriteAsync<double>(TestAccuracy, Column(all, row => row.Tested?.Accuracy ?? double.NaN));
            await rows.WriteAsync<double>(TestLoss, Column(all, row => row.Tested?.Loss ?? double.NaN));
            if (learned)
            {
                await rows.WriteAsync<double>(KeptFraction, Column(all, row => row.Evaluation?.Kept?.Expected ?? double.NaN));
                await rows.WriteAsync<double>(ThresholdedFraction, Column(all, row => row.Evaluation?.Kept?.Thresholded ?? double.NaN));
            }
        }
        return stream.ToArray();
    }

    private static ReadOnlyMemory<T> Column<T>(MetricsRow[] rows, Func<MetricsRow, T> value) => rows.Select(value).ToArray();

    private static async Task<MetricsTable> ReadAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream);
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(0);
        return await ReadAsync(reader, rows);
    }

    /// <summary>The columns of a group of rows, without further ones that it has.</summary>
    public static async Task<MetricsTable> ReadAsync(ParquetReader reader, ParquetRowGroupReader rows)
    {
        int count = checked((int)rows.RowCount);
        int[] steps = new int[count];
        await rows.ReadAsync<int>(reader.Schema.FindDataField(Step.Name), steps);
        DataField<double>[] columns = Columns(learned: reader.Schema.DataFields.Any(field => field.Name == KeptFraction.Name));
        double[][] values = [.. columns.Select(_ => new double[count])];
        for (int column = 0; column < columns.Length; column++) await rows.ReadAsync<double>(reader.Schema.FindDataField(columns[column].Name), values[column]);
        return new(steps, values);
    }
}

/// <summary>What is known of one step.</summary>
/// <param name="Step">Training steps done.</param>
/// <param name="Evaluation">What the validation set says there; null where it was not asked.</param>
/// <param name="Tested">What the test set says there; null where it was not asked.</param>
internal sealed record MetricsRow(int Step, Evaluation? Evaluation, TestedStep? Tested)
{
    /// <summary>The rows of a run, by step.</summary>
    public static MetricsRow[] Of(ImmutableArray<Evaluation> evaluations, ImmutableArray<TestedStep> tested)
    {
        ILookup<int, Evaluation> evaluated = evaluations.ToLookup(one => one.Step);
        return
        [
            .. evaluated.Select(one => one.Key).Union(tested.Select(one => one.Step)).Order()
                .Select(step => new MetricsRow(step, evaluated[step].FirstOrDefault(), tested.FirstOrDefault(one => one.Step == step))),
        ];
    }
}
