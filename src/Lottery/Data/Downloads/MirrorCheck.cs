using System.Collections.Immutable;

namespace Lottery.Data.Downloads;

/// <summary>Whether a mirror answers.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Problem">Why it does not answer; null if it does.</param>
internal sealed record MirrorCheck(string Host, string? Problem)
{
    /// <summary>Asks the mirrors that downloads use, all at once, for nothing.</summary>
    /// <param name="patience">How long one may take.</param>
    public static ImmutableArray<MirrorCheck> All(TimeSpan patience)
    {
        Uri[] mirrors = Environment.GetEnvironmentVariable("LOTTERY_MIRROR") is { Length: > 0 } own ? [DataDownload.Mirror(own)]
            : [.. KnownSet.All.SelectMany(set => set.Mirrors).DistinctBy(mirror => mirror.Authority)];
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = patience, AllowAutoRedirect = false }) { Timeout = patience };
        return [.. Task.WhenAll(mirrors.Select(mirror => Ask(client, mirror, patience))).GetAwaiter().GetResult()];
    }

    /// <summary>Any answer will do, also that there is nothing under the folder's own name.</summary>
    private static async Task<MirrorCheck> Ask(HttpClient client, Uri mirror, TimeSpan patience)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, mirror);
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
            return new(mirror.Authority, null);
        }
        catch (HttpRequestException failure)
        {
            return new(mirror.Authority, failure.HttpRequestError == HttpRequestError.NameResolutionError ? "its name is not known here" : failure.Message.TrimEnd('.'));
        }
        catch (OperationCanceledException)
        {
            return new(mirror.Authority, $"it did not answer within {patience.TotalSeconds:0} s");
        }
    }
}
