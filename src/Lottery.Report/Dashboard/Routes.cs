using System.Net;
using System.Security.Cryptography;
using Lottery.Report.Pages;
using Lottery.Studies.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lottery.Report.Dashboard;

/// <summary>The addresses of the dashboard and their pages.</summary>
internal sealed class Routes
{
    private readonly string _host, _name, _version;
    private readonly CancellationToken _stopping;
    private readonly StoreWatcher _watcher;
    private readonly ChartsPage _charts;

    public Routes(string store, string host, string version, CancellationToken stopping)
    {
        (_host, _version, _stopping) = (host, version, stopping);
        _name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(store)));
        StoreWatcher? watcher = null;
        var kept = new RunStore(store) { Warn = sentence => watcher?.Warn(sentence) };
        _watcher = watcher = new(kept);
        _charts = new(kept);
    }

    /// <summary>Reads the store before the first request, so that the first page of a large store opens soon.</summary>
    public Task PreloadAsync() => Task.Run(() =>
    {
        try
        {
            _watcher.Now();
        }
        catch (UserException)
        {
            // The first page reports why.
        }
    });

    /// <summary>Adds the routes to an application.</summary>
    public void Map(WebApplication application)
    {
        application.Use(GuardAsync);
        application.UseRouting();
        application.MapGet("/events", (HttpContext context) => ChangeEvents.SendAsync(context, _watcher, _stopping));
        application.MapGet("/assets/{name}", SendAssetAsync);
        MapPage(application, "/", _ => OverviewPage.Create(_watcher.Now(), _watcher.Store));
        MapPage(application, "/runs", request => RunsPage.Create(
            _watcher.Now(), Parameter(request, "q"), Parameter(request, "sort"), int.TryParse(Parameter(request, "page"), out int page) ? page : 1));
        MapPage(application, "/run/{id}", request => RunPage.Create(_watcher.Now(), _watcher, (string)request.RouteValues["id"]!) ?? NotFound());
        MapPage(application, "/compare", request => ComparePage.Create(_watcher.Store, [.. request.Query["run"].OfType<string>()]));
        MapPage(application, "/charts", request => _charts.Create(_watcher.Now(), GroupOf(request)));
        application.MapFallback(context => SendAsync(context, NotFound()));
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
                shown = new("Cannot be shown", Html.Of($"<p class=\"reason\">{wrong.Message}</p><p><a href=\"/\">Overview</a></p>")) { Status = 404 };
            }
            await SendAsync(context, shown);
        });

    private static DashboardPage NotFound() =>
        new("Not found", Html.Of($"<p>There is no such page or run. It may have been removed. <a href=\"/\">Overview</a></p>")) { Status = 404 };

    private async Task SendAsync(HttpContext context, DashboardPage page)
    {
        context.Response.StatusCode = page.Status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        string text = context.Request.Headers.ContainsKey("Lottery-Part") ? page.Part : page.Write(context.Request.Path, _name, _version);
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static async Task SendAssetAsync(HttpContext context)
    {
        if (Assets.FindScript((string)context.Request.RouteValues["name"]!) is not { } bytes)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "text/javascript; charset=utf-8";
        // Browsers revalidate, so that a newer version of Lottery brings its own scripts.
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag) context.Response.StatusCode = StatusCodes.Status304NotModified;
        else await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Refuses host names other than the server's own, and every method but GET.</summary>
    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        HttpResponse response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.ContentSecurityPolicy = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'";
        if (!IsOwnHost(context.Request.Host.Host))
        {
            response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            await response.WriteAsync("This dashboard answers only at the address that lottery serve printed.\n", context.RequestAborted);
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
        catch (Exception disconnected) when (disconnected is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client disconnected during the response.
        }
    }

    /// <summary>
    /// Guards against DNS rebinding: a foreign page whose host name resolves to this machine sends that name. An IP address
    /// cannot be rebound.
    /// </summary>
    private bool IsOwnHost(string host) => host == "localhost" || host == _host || IPAddress.TryParse(host.Trim('[', ']'), out _);

    private static string Parameter(HttpRequest request, string name) => request.Query[name].FirstOrDefault() ?? "";

    private static string GroupOf(HttpRequest request) => Parameter(request, "study") is { Length: > 0 } study ? $"study={study}"
        : Parameter(request, "network") is { Length: > 0 } network ? $"network={network}&data={Parameter(request, "data")}" : "";
}
