using Lottery.Fuzz;

namespace Lottery.UnitTests.Fuzz;

/// <summary>A reader with one fault.</summary>
internal sealed class FaultyReader(string fault) : Target
{
    public override string Name => "faulty";

    public override Case Draw(Dice dice) => new("some", [1, 2, 3]) { MustBeRefused = fault == "damage" };

    public override void Read(Case file, string folder)
    {
        switch (fault)
        {
            case "NullReferenceException": throw new NullReferenceException();
            case "stack trace": throw new UserException("It is wrong;   at Lottery.Reader.Read: take another.");
            case "no end": throw new UserException("It is wrong and there is no end");
            case "memory": GC.KeepAlive(new byte[2_000]); break;
            case "time": Thread.Sleep(20); break;
            case "wrong": Require(false, "two are one"); break;
        }
    }

    public override long MostAllocated(Case file) => fault == "memory" ? 1_000 : 1_000_000;

    public override TimeSpan Longest(Case file) => TimeSpan.FromMilliseconds(fault == "time" ? 10 : 10_000);
}
