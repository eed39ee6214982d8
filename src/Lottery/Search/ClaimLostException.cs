namespace Lottery.Search;

/// <summary>Another process took over a run, because this one did not respond for long; its result comes from there.</summary>
/// <param name="message">The sentence.</param>
internal sealed class ClaimLostException(string message) : UserException(message)
{
    /// <summary>Does <paramref name="work"/>; once more where its run was lost: then it waits for the process that has the run.</summary>
    public static T Repeat<T>(Func<T> work)
    {
        while (true)
            try
            {
                return work();
            }
            catch (ClaimLostException)
            {
                // The store has said so.
            }
    }
}
