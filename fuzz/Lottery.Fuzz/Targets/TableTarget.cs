using System.Text;
using Lottery.Fuzz.Mutations;

namespace Lottery.Fuzz.Targets;

/// <summary>Tables of numeric features as text.</summary>
internal sealed class TableTarget : OwnDataTarget
{
    private static readonly string[] s_whole =
    [
        Table("a,b,c,label", i => $"{i},{i * 0.5},{i % 2 == 0},{i % 3}"), Table("\"x, y\";z;class", i => $"{i};-{i}e-3;\"kind {i % 2}\""),
        Table("u\ttarget\r", i => $"{i}\t{i % 2 + 1}\r"),
    ];

    public override string Name => "table";

    public override Case Draw(Dice dice)
    {
        string table = dice.Of(s_whole), other = dice.Of(s_whole);
        byte[] damaged = dice.OneIn(2) ? Bytes.Mutate(Encoding.UTF8.GetBytes(table), Encoding.UTF8.GetBytes(other), dice)
            : Encoding.UTF8.GetBytes(Words.Mutate(table, other, dice, "NaN", "", "1e999", "\"", "inf", "-0", "0x10", "١"));
        return new(dice.Of("set.csv", "set.tsv"), damaged);
    }

    public override void Read(Case file, string folder) => Read(Path.Combine(folder, file.File));

    public override long MostAllocated(Case file) => (4 << 20) + 256L * file.Content.Length;

    private static string Table(string header, Func<int, string> row) => header + "\n" + string.Concat(Enumerable.Range(0, 24).Select(i => row(i) + "\n"));
}
