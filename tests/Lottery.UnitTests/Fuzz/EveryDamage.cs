using Lottery.Fuzz;
using Lottery.Fuzz.Targets;

namespace Lottery.UnitTests.Fuzz;

/// <summary>One small ticket, first with each bit changed, then cut off at each byte.</summary>
internal sealed class EveryDamage(bool repaired) : Target
{
    private readonly TicketTarget _target = new();
    private readonly byte[] _whole = TicketCorpus.All()[0].Write();
    private int _next;

    public int Length => _whole.Length;

    public override string Name => "damage";

    public override Case Draw(Dice dice)
    {
        int number = _next++;
        byte[] damaged = number < 8 * Length ? [.. _whole] : _whole[..(number - 8 * Length)];
        if (number < 8 * Length) damaged[number / 8] ^= (byte)(1 << (number % 8));
        return repaired
            ? new("some.ticket", TicketTarget.Checked(damaged, length: true)) { ChecksumIsRight = true }
            : new("some.ticket", damaged) { MustBeRefused = true };
    }

    public override void Read(Case file, string folder) => _target.Read(file, folder);

    public override long MostAllocated(Case file) => _target.MostAllocated(file);

    public override TimeSpan Longest(Case file) => _target.Longest(file);
}
