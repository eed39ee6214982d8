using System.Net;
using System.Net.Http.Headers;

namespace Lottery.Data.Downloads;

/// <summary>Fetches one file from one mirror, going on where an earlier attempt stopped.</summary>
/// <param name="client">Without a time limit of its own.</param>
/// <param name="file">What should come.</param>
/// <param name="patience">The time without a byte after which a connection counts as broken.</param>
/// <param name="progress">Where progress is reported, after every part.</param>
internal sealed class Transfer(HttpClient client, IKnownContent file, TimeSpan patience, IProgress<DownloadProgress>? progress)
{
    private readonly byte[] _buffer = new byte[1 << 17];

    /// <summary>Fetches <paramref name="address"/> into <paramref name="part"/> and checks it.</summary>
    /// <exception cref="UserException">The part cannot be written.</exception>
    public async Task<TransferOutcome> Run(Uri address, PartFile part, CancellationToken cancellation)
    {
        if (part.Length > 0 && part.Fault(file) is null) return new(TransferResult.Whole, "");
        bool resume = part.CameFrom(address, out RangeConditionHeaderValue? version);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        HttpResponseMessage response;
        try
        {
            response = await Request(address, resume ? part.Length : 0, version, limit);
            if (resume && IsUseless(response, part.Length))
            {
                response.Dispose();
                response = await Request(address, 0, null, limit);
            }
        }
        catch (Exception exception) when (IsNetwork(exception, cancellation))
        {
            return new(TransferResult.Refused, Reason(exception));
        }
        using (response) return await Receive(address, response, part, limit, cancellation);
    }

    // With a version, a server whose file has changed answers 200 and the whole file instead of 206 and the rest.
    private async Task<HttpResponseMessage> Request(
        Uri address, long from, RangeConditionHeaderValue? version, CancellationTokenSource limit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (from > 0)
        {
            request.Headers.Range = new(from, null);
            request.Headers.IfRange = version;
        }
        limit.CancelAfter(patience);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
    }

    private async Task<TransferOutcome> Receive(
        Uri address, HttpResponseMessage response, PartFile part, CancellationTokenSource limit, CancellationToken cancellation)
    {
        bool resumed = response is { StatusCode: HttpStatusCode.PartialContent, RequestMessage.Headers.Range: not null };
        if (!resumed && response.StatusCode != HttpStatusCode.OK)
            return new(TransferResult.Refused, $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd());
        if (!resumed) part.Restart(address, Version(response));
        long? total = part.Length + response.Content.Headers.ContentLength;
        if (await Copy(response, part, total, limit, cancellation) is { } broken)
        {
            string of = total is null ? "" : $" of {total:N0}";
            return new(TransferResult.Broken, $"the connection broke after {part.Length:N0}{of} bytes: {broken}");
        }
        if (part.Fault(file) is not { } fault) return new(TransferResult.Whole, "");
        part.Clear();
        return new(resumed ? TransferResult.WrongAfterResuming : TransferResult.Wrong,
            $"it sent something else, which has been removed: {fault}");
    }

    /// <summary>Receives the rest; null when it came to an end, or what broke the connection.</summary>
    private async Task<string?> Copy(HttpResponseMessage response, PartFile part, long? total,
        CancellationTokenSource limit, CancellationToken cancellation)
    {
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(limit.Token);
            while (part.Length <= file.LargestLength)
            {
                limit.CancelAfter(patience);
                int got = await body.ReadAsync(_buffer, limit.Token);
                if (got == 0) break;
                part.Append(_buffer.AsMemory(0, got));
                progress?.Report(new(file.Name, part.Length, total));
            }
            return null;
        }
        catch (Exception exception) when (IsNetwork(exception, cancellation))
        {
            return Reason(exception);
        }
    }

    private static RangeConditionHeaderValue? Version(HttpResponseMessage response) => response switch
    {
        { Headers.ETag: { IsWeak: false } tag } => new(tag),
        { Content.Headers.LastModified: { } date } => new(date),
        _ => null,
    };

    // The part is longer than the mirror's file, or the mirror sends another range than it was asked for.
    private static bool IsUseless(HttpResponseMessage response, long from) =>
        response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
        || response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From != from;

    private static bool IsNetwork(Exception exception, CancellationToken cancellation) =>
        exception is HttpRequestException or IOException
        || exception is OperationCanceledException && !cancellation.IsCancellationRequested;

    private string Reason(Exception exception) => exception is OperationCanceledException
        ? $"no answer for {patience.TotalSeconds:0.#} s"
        : exception.GetBaseException().Message.TrimEnd('.');
}
