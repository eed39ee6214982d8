using System.Net;
using System.Security.Cryptography;
using Lottery.Report.Pages;
using Lottery.Studies.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lottery.Report.Dashboard;

/// <summary>What is at which address.</summary>
internal sealed class Routes
{
    private readonly string _host, _name, _version;
    private readonly CancellationToken _stopping;
    private readonly StoreWatcher _watch;
    private readonly ChartsPage _charts;

    public Routes(string store, string host, string version, CancellationToken stopping)
    {
        (_host, _version, _stopping) = (host, version, stopping);
        _name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(store)));
        StoreWatcher? watch = null;
        var kept = new RunStore(store) { Warn = sentence => watch?.Warn(sentence) };
        _watch = watch = new(kept);
        _charts = new(kept);
    }

    /// <summary>Looks at the store before anyone asks, so that the first page of a large one comes soon.</summary>
    public Task LookAhead() => Task.Run(() =>
    {
        try
        {
            _watch.Now();
        }
        catch (UserException)
        {
            // The page that asks says why.
        }
    });

    /// <summary>Adds them to an application.</summary>
    public void Map(WebApplication application)
    {
        application.Use(Guard);
        application.UseRouting();
        application.MapGet("/events", (HttpContext context) => ChangeEvents.Send(context, _watch, _stopping));
        application.MapGet("/assets/{name}", SendAsset);
        MapPage(application, "/", _ => OverviewPage.Of(_watch.Now(), _watch.Store));
        MapPage(application, "/runs", request => RunsPage.Of(
            _watch.Now(), Asked(request, "q"), Asked(request, "sort"), int.TryParse(Asked(request, "page"), out int page) ? page : 1));
        MapPage(application, "/run/{id}", request => RunPage.Of(_watch.Now(), _watch, (string)request.RouteValues["id"]!) ?? Missing());
        MapPage(application, "/compare", request => ComparePage.Of(_watch.Store, [.. request.Query["run"].OfType<string>()]));
        MapPage(application, "/charts", request => _charts.Of(_watch.Now(), GroupOf(request)));
        application.MapFallback(context => Send(context, Missing()));
    }

    private void MapPage(WebApplication application, string address, Func<HttpRequest, DashboardPage> page) =>
        application.MapGet(address, async context =>
        {
            DashboardPage shown;
            try
            {
                shown = page(context.Request);
            }
            catch (UserException wrong)
            {
                shown = new("Not to be shown", Html.Of($"<p class=\"reason\">{wrong.Message}</p><p><a href=\"/\">Overview</a></p>")) { Status = 404 };
            }
            await Send(context, shown);
        });

    private static DashboardPage Missing() =>
        new("Nothing here", Html.Of($"<p>There is no such page or run. It may have been removed. <a href=\"/\">Overview</a></p>")) { Status = 404 };

    private async Task Send(HttpContext context, DashboardPage page)
    {
        context.Response.StatusCode = page.Status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        string text = context.Request.Headers.ContainsKey("Lottery-Part") ? page.Part : page.Write(context.Request.Path, _name, _version);
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static async Task SendAsset(HttpContext context)
    {
        if (Assets.Script((string)context.Request.RouteValues["name"]!) is not { } bytes)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "text/javascript; charset=utf-8";
        // A page asks again whether it is still the same, so that a newer lottery brings newer scripts.
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag) context.Response.StatusCode = StatusCodes.Status304NotModified;
        else await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Refuses names that lead here from elsewhere, and everything but reading.</summary>
    private async Task Guard(HttpContext context, RequestDelegate next)
    {
        HttpResponse response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.ContentSecurityPolicy = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'";
        if (!IsOwnName(context.Request.Host.Host))
        {
            response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            await response.WriteAsync("This dashboard answers to the address that lottery serve printed.\n", context.RequestAborted);
            return;
        }
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET";
            return;
        }
        try
        {
            await next(context);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The browser has gone in the middle of an answer.
        }
    }

    /// <summary>
    /// A page elsewhere whose name was made to lead to this machine has that name in its requests; addresses cannot be
    /// made to lead elsewhere.
    /// </summary>
    private bool IsOwnName(string host) => host == "localhost" || host == _host || IPAddress.TryParse(host.Trim('[', ']'), out _);

    private static string Asked(HttpRequest request, string name) => request.Query[name].FirstOrDefault() ?? "";

    private static string GroupOf(HttpRequest request) => Asked(request, "study") is { Length: > 0 } study ? $"study={study}"
        : Asked(request, "network") is { Length: > 0 } network ? $"network={network}&data={Asked(request, "data")}" : "";
}
