using Lottery.Search;
using Lottery.Specifications;

namespace Lottery.UnitTests.Studies;

public sealed class MemoryRunStoreTests
{
    [Fact]
    public void A_run_is_kept_and_its_place_until_then()
    {
        var runs = new MemoryRunStore();
        RunSpecification run = MadeUp.Dense();
        Assert.Null(runs.Find(run));
        using (IRunSession session = runs.Begin(run, CancellationToken.None)) session.Save(MadeUp.Checkpoint(run, 100));
        using (IRunSession session = runs.Begin(run, CancellationToken.None))
        {
            Assert.Equal(100, session.Resume!.Step);
            session.Finish(MadeUp.Result(run));
        }
        using (IRunSession session = runs.Begin(MadeUp.Dense(), CancellationToken.None))
            Assert.Same(runs.Find(run), session.Finished);
        Assert.Single(runs.Finished);
    }

    [Fact]
    public async Task One_thread_at_a_time_has_the_claim()
    {
        var runs = new MemoryRunStore();
        int inside = 0, trained = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using IRunSession session = runs.Begin(MadeUp.Dense(), CancellationToken.None);
            Assert.Equal(1, Interlocked.Increment(ref inside));
            if (session.Finished is null)
            {
                trained++;
                session.Finish(MadeUp.Result(MadeUp.Dense()));
            }
            Interlocked.Decrement(ref inside);
        })));
        Assert.Equal(1, trained);
    }
}
