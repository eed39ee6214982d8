namespace Lottery.Search;

/// <summary>Another process took over a run, because this one did not respond for long; its result comes from there.</summary>
/// <param name="message">The sentence.</param>
internal sealed class ClaimLostException(string message) : UserException(message);
