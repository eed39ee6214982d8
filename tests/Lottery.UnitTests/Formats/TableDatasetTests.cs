using Lottery.Data;
using Lottery.Formats;
using Parquet;
using Parquet.Schema;

namespace Lottery.UnitTests.Formats;

public sealed class TableDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    public void A_table_has_numbers_and_a_label_column(char separator)
    {
        Write("iris.csv", "width,\"the length\",species,n\r\n1.5,-2,setosa,1\n\n2e3,0.25,\"virgi\"\"nica\",true\n".Replace(',', separator)
            + string.Concat(Enumerable.Range(0, 18).Select(i => $"{i}{separator}{-i}{separator}{(i % 2 == 0 ? "setosa" : "virgi\"nica")}{separator}False\n")));
        Dataset data = Load("iris.csv#species");
        Assert.Equal("iris", data.Name);
        Assert.Equal(["setosa", "virgi\"nica"], data.ClassNames);
        Assert.Equal((16, 4, 3, 2), (data.Train.Count, data.Test.Count, data.Train.Features, data.Classes));
        float[] all = [.. data.Train.Values.ToArray(), .. data.Test.Values.ToArray()];
        Assert.Contains((1.5f, -2f, 1f), all.Chunk(3).Select(row => (row[0], row[1], row[2])));
        Assert.Contains((2000f, 0.25f, 1f), all.Chunk(3).Select(row => (row[0], row[1], row[2])));
    }

    [Fact]
    public void The_label_column_is_found_by_its_name_or_asked_for()
    {
        Write("a.csv", Rows("x,Target", 10));
        Assert.Equal(2, Load("a.csv").Classes);
        Write("a.csv", Rows("x,z", 10));
        AssertWrong("a.csv", "expected a column label or labels or class or target or y, its columns are x, z; name the label column after a #, as in --data '");
        AssertWrong("a.csv#w", "expected a column called 'w', its columns are x, z");
        Write("a.csv", Rows("class,label", 10));
        AssertWrong("a.csv", "has several columns that labels may be in (class, label)");
        Write("a.csv", Rows(",label", 10));
        AssertWrong("a.csv", "column 1 has no name; name it, or leave out the index (df.to_csv(path, index=False))");
        Write("a.csv", Rows("x,x", 10));
        AssertWrong("a.csv", "has two columns called 'x'");
        Write("a.csv", Rows("0.5,1", 10));
        AssertWrong("a.csv", "expected the names of the columns in the first line, found the number 0.5");
    }

    [Theory]
    [InlineData("1,2,0\n1,,0\n", "line 3: column 'b' has no value; fill it in, or remove the row (df.dropna())")]
    [InlineData("1,NA,0\n", "line 2: column 'b' has no value")]
    [InlineData("1,2,0\n\n1,blue,0\n", "line 4: column 'b' is 'blue', which is no finite number")]
    [InlineData("1,inf,0\n", "line 2: column 'b' is 'inf', which is no finite number")]
    [InlineData("1,1e39,0\n", "line 2: column 'b' is '1e39', which is no finite number")]
    [InlineData("1,2\n", "line 2: expected 3 cells, as the first line has names, found 2")]
    [InlineData("1,2,3,4\n", "line 2: expected 3 cells, as the first line has names, found 4")]
    [InlineData("1,2,\n", "line 2: the label in column 'label' is missing; add it, or remove the row")]
    [InlineData("1,\"2,0\n", "line 2: a double quote has no other; close it")]
    [InlineData("", "has no rows after its first line")]
    public void A_row_that_is_wrong_is_named_with_its_column(string rows, string sentence)
    {
        Write("a.csv", "a,b,label\n" + rows);
        AssertWrong("a.csv", sentence);
    }

    [Fact]
    public void A_folder_has_tables_for_training_validation_and_testing_with_columns_in_any_order()
    {
        Write("set/train.csv", "a,b,label\n" + Lines(9, i => $"{i},{10 * i},{i % 3 + 1}"));
        Write("set/val.csv", "b,label,a\n" + Lines(3, i => $"{10 * i},{i % 3 + 1},{i}"));
        Write("set/test.tsv", "label\ta\tb\n" + Lines(6, i => $"{i % 3 + 1}\t{i}\t{10 * i}"));
        Dataset data = Load("set");
        Assert.Equal((12, 3, 6, 3), (data.Train.Count, data.OwnValidation, data.Test.Count, data.Classes));
        Assert.All(data.Train.Values.ToArray().Concat(data.Test.Values.ToArray()).Chunk(2), row => Assert.Equal(10 * row[0], row[1]));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (byte)(i % 3)), data.Test.Labels.ToArray());
        Assert.Equal("the labels of set are 1 to 3; they are counted from 0", Assert.Single(data.Notes));

        Write("set/test.tsv", "label\ta\tb\n1\t2\t3\nfour\t5\t6\n");
        AssertWrong("set", "line 3: the label 'four' is of no row in");
        Write("set/test.tsv", "label\ta\tc\n1\t2\t3\n");
        AssertWrong("set", "has no column 'b', which");
        Write("set/test.tsv", "label\ta\tb\tc\n1\t2\t3\t4\n");
        AssertWrong("set", "has a column 'c', which");
        File.Delete(_folder["set/test.tsv"]);
        data = Load("set");
        Assert.Equal((9, 0, 3), (data.Train.Count, data.OwnValidation, data.Test.Count));
        Assert.Contains("set has no test part; its validation set is used for testing, and another is held back from the training examples", data.Notes);
    }

    [Fact]
    public void Integers_with_gaps_are_names_in_numeric_order()
    {
        Write("a.csv", "a,label\n" + Lines(30, i => $"{i},{(i % 3) switch { 0 => 10, 1 => 9, _ => 3 }}"));
        Dataset data = Load("a.csv");
        Assert.Equal(["3", "9", "10"], data.ClassNames);
        Write("a.csv", "a,label\n" + Lines(300, i => $"{i},{i * 0.5}"));
        AssertWrong("a.csv", "expected labels of at most 256 classes, found 300 different ones; a label is a class, not a quantity");
    }

    [Fact]
    public async Task A_parquet_table_is_read_as_its_csv_is()
    {
        Write("a.csv", "i,f,flag,label\n" + Lines(40, i => $"{i},{i * 0.25},{i % 2 == 0},{(i % 3 == 0 ? "x" : "y")}"));
        await WriteParquet("a.parquet", 40, missing: -1);
        Dataset csv = Load("a.csv"), parquet = Load("a.parquet");
        Assert.Equal(csv.Sha256, parquet.Sha256);
        Assert.Equal(csv.ClassNames, parquet.ClassNames);
        await WriteParquet("a.parquet", 40, missing: 17);
        AssertWrong("a.parquet", "row 18: column 'f' has no value; fill it in, or remove the row (df.dropna())");
        AssertWrong("a.parquet#f", "column 'label' is text, not numbers");
        byte[] whole = File.ReadAllBytes(_folder["a.parquet"]);
        File.WriteAllBytes(_folder["a.parquet"], whole[..^9]);
        AssertWrong("a.parquet", "it is damaged, or no Parquet table of flat columns");
    }

    [Fact]
    public void Other_files_and_folders_are_told_what_is_read()
    {
        Write("a.txt", "");
        AssertWrong("a.txt", "is a file of a kind that is not read; give a .npz, .csv, .tsv or .parquet file");
        AssertWrong("a.txt#b", "is no table, so it has no column 'b'");
        Write("odd/readme", "");
        Write("odd/data.bin", "");
        AssertWrong("odd", "found data.bin, readme; give the folder that holds the set's files");
    }

    private async Task WriteParquet(string name, int count, int missing)
    {
        var (i, f, flag, label) = (new DataField<int>("i"), new DataField<double?>("f"), new DataField<bool>("flag"), new DataField<string>("label"));
        await using FileStream file = File.Create(_folder[name]);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(i, f, flag, label), file);
        foreach (int[] part in Enumerable.Range(0, count).Chunk(count / 2))
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            await rows.WriteAsync<int>(i, part);
            await rows.WriteAsync<double>(f, part.Select(row => row == missing ? (double?)null : row * 0.25).ToArray());
            await rows.WriteAsync<bool>(flag, part.Select(row => row % 2 == 0).ToArray());
            await rows.WriteAsync(label, part.Select(row => row % 3 == 0 ? "x" : "y").ToArray());
        }
    }

    private static string Rows(string header, int count) => $"{header}\n" + Lines(count, i => $"{i},{i % 2}");

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
    }

    private Dataset Load(string name) => DataSource.Load(_folder[name]);

    private void AssertWrong(string name, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<UserException>(() => Load(name)).Message, StringComparison.Ordinal);
}
