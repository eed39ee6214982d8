using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Lottery.Report.Dashboard;

/// <summary>Tells pages that something has changed: server-sent events, which browsers take up again by themselves.</summary>
internal static class ChangeEvents
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500), Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Sends the numbers of what a page may follow, at once and whenever they change, until someone leaves.</summary>
    public static async Task Send(HttpContext context, StoreWatcher watch, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        CancellationToken end = either.Token;
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await context.Response.WriteAsync("retry: 1000\n\n", end);
            (long Version, long Finished) told = default;
            long spoke = TimeProvider.System.GetTimestamp();
            while (true)
            {
                (long Version, long Finished) now = Numbers(watch) ?? told;
                if (now != told)
                    await Say(context, string.Create(CultureInfo.InvariantCulture, $"data: {{\"all\":{now.Version},\"finished\":{now.Finished}}}\n\n"), end);
                else if (TimeProvider.System.GetElapsedTime(spoke) > Heartbeat) await Say(context, ": still here\n\n", end);
                if (now != told || TimeProvider.System.GetElapsedTime(spoke) > Heartbeat) spoke = TimeProvider.System.GetTimestamp();
                told = now;
                await Task.Delay(Pause, end);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The browser has gone, or the server stops: both are ordinary.
        }
    }

    private static async Task Say(HttpContext context, string message, CancellationToken end)
    {
        await context.Response.WriteAsync(message, end);
        await context.Response.Body.FlushAsync(end);
    }

    /// <summary>Null while the store cannot be read: the pages say why, and a later look may go well.</summary>
    private static (long, long)? Numbers(StoreWatcher watch)
    {
        try
        {
            StoreSnapshot now = watch.Now();
            return (now.Version, now.Finished);
        }
        catch (UserException)
        {
            return null;
        }
    }
}
