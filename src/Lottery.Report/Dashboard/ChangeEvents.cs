using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Lottery.Report.Dashboard;

/// <summary>Notifies pages of changes in the store by server-sent events; browsers reconnect by themselves.</summary>
/// <param name="watcher">Reads the store.</param>
/// <param name="stopping">Cancelled when the server stops.</param>
internal sealed class ChangeEvents(StoreWatcher watcher, CancellationToken stopping)
{
    /// <summary>The most streams at once. A page that gets none asks for itself again now and then.</summary>
    internal const int MostStreams = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500), Heartbeat = TimeSpan.FromSeconds(10);

    private int _streams;

    /// <summary>Sends the version numbers of the store, at once and whenever they change, until the client disconnects.</summary>
    public async Task SendAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        try
        {
            if (Interlocked.Increment(ref _streams) <= MostStreams) await FollowAsync(context);
            else
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = "10";
            }
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task FollowAsync(HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        CancellationToken ended = either.Token;
        try
        {
            await context.Response.WriteAsync("retry: 1000\n\n", ended);
            (long Version, long Finished) sent = default;
            long sentAt = TimeProvider.System.GetTimestamp();
            while (true)
            {
                (long Version, long Finished) now = Versions() ?? sent;
                if (now != sent)
                    await WriteAsync(context, string.Create(CultureInfo.InvariantCulture, $"data: {{\"all\":{now.Version},\"finished\":{now.Finished}}}\n\n"), ended);
                else if (TimeProvider.System.GetElapsedTime(sentAt) > Heartbeat) await WriteAsync(context, ": heartbeat\n\n", ended);
                if (now != sent || TimeProvider.System.GetElapsedTime(sentAt) > Heartbeat) sentAt = TimeProvider.System.GetTimestamp();
                sent = now;
                await Task.Delay(Pause, ended);
            }
        }
        catch (Exception disconnected) when (disconnected is OperationCanceledException or IOException)
        {
            // The client disconnected or the server stops: both are expected.
        }
    }

    private static async Task WriteAsync(HttpContext context, string message, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(message, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>Null while the store cannot be read: the pages say why, and a later read may succeed.</summary>
    private (long, long)? Versions()
    {
        try
        {
            StoreSnapshot now = watcher.Now();
            return (now.Version, now.Finished);
        }
        catch (UserException)
        {
            return null;
        }
    }
}
