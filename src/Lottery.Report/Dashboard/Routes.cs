using System.Net;
using System.Security.Cryptography;
using System.Text;
using Lottery.Report.Pages;
using Lottery.Studies.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Lottery.Report.Dashboard;

/// <summary>The addresses of the dashboard and their pages.</summary>
internal sealed class Routes
{
    private readonly string _host, _name, _version;
    private readonly StoreCommands _commands;
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Limits the pages that are computed at once; a request that its client gives up leaves the queue.</summary>
    private readonly SemaphoreSlim _computing = new(2 * Environment.ProcessorCount);

    private readonly CancellationToken _stopping;
    private readonly StoreWatcher _watcher;
    private readonly ChangeEvents _events;
    private readonly Findings _findings;
    private readonly StoreSize _size;
    private readonly ChartsPage _charts;

    public Routes(string store, string host, string version, string program, CancellationToken stopping)
    {
        (_host, _version, _stopping) = (host, version, stopping);
        _name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(store)));
        StoreWatcher? watcher = null;
        var kept = new RunStore(store) { Warn = sentence => watcher?.Warn(sentence) };
        _watcher = watcher = new(kept);
        _commands = new(program, store);
        _charts = new(kept, _commands);
        _events = new(watcher, stopping);
        _findings = new(kept, watcher.Touch);
        _size = new(store, watcher.Touch);
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
        application.MapMethods("/events", s_methods, _events.SendAsync);
        application.MapMethods("/assets/{name}", s_methods, SendAssetAsync);
        MapPage(application, "/", (_, _) => CreateOverview());
        MapPage(application, "/runs", (request, cancellation) => RunsPage.Create(_watcher.Now(), RunsQuery.Of(request.Query), cancellation));
        MapPage(application, "/run/{id}", (request, _) => RunPage.Create(_watcher.Now(), _watcher.Store, _commands, (string)request.RouteValues["id"]!) ?? NotFound());
        MapPage(application, "/compare", (request, _) => ComparePage.Create(_watcher.Now(), _watcher.Store, [.. request.Query["run"].OfType<string>()]));
        MapPage(application, "/charts", (request, cancellation) => _charts.Create(_watcher.Now(), GroupOf(request), cancellation));
        application.MapFallback(context => SendAsync(context, NotFound()));
    }

    private void MapPage(WebApplication application, string address, Func<HttpRequest, CancellationToken, DashboardPage> create) =>
        application.MapMethods(address, s_methods, async context =>
        {
            DashboardPage page;
            await _computing.WaitAsync(context.RequestAborted);
            try
            {
                page = create(context.Request, context.RequestAborted);
            }
            catch (UserException wrong)
            {
                page = new("Cannot be shown", Html.Of($"<p class=\"reason\">{wrong.Message}</p><p><a href=\"/\">Overview</a></p>")) { Status = 404 };
            }
            finally
            {
                _computing.Release();
            }
            await SendAsync(context, page);
        });

    private DashboardPage CreateOverview()
    {
        StoreSnapshot now = _watcher.Now();
        RunGroup[] newest = [.. RunGroup.Of(now).OrderByDescending(group => group.Ended).Take(OverviewPage.MostFindings)];
        return OverviewPage.Create(now, _commands, _findings.Get(now, newest), new(_size.Bytes(now.Version), _size.FindFree()));
    }

    private static DashboardPage NotFound() =>
        new("Not found", Html.Of($"<p>There is no such page or run. It may have been removed. <a href=\"/\">Overview</a></p>")) { Status = 404 };

    private async Task SendAsync(HttpContext context, DashboardPage page)
    {
        context.Response.StatusCode = page.Status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        string text = context.Request.Headers.ContainsKey("Lottery-Part") ? page.Part : page.Write(context.Request.Path, _name, _version);
        await SendAsync(context, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Sends a body and its length; of a HEAD request only the length.</summary>
    private static async Task SendAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
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
        else await SendAsync(context, bytes);
    }

    /// <summary>Refuses host names other than the server's own, requests that another site's page sent, and every method that is not for reading.</summary>
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
        if (!s_methods.Contains(context.Request.Method, StringComparer.OrdinalIgnoreCase))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return;
        }
        if (IsFromAnotherSite(context.Request))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            await response.WriteAsync("This dashboard answers only its own pages, not those of other sites.\n", context.RequestAborted);
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

    /// <summary>
    /// True if a page of another site or port sent the request; no such page may make the server work. A link that a person
    /// followed is answered.
    /// </summary>
    private static bool IsFromAnotherSite(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is "same-origin" or "none") return false;
        if (site.Length > 0) return request.Headers["Sec-Fetch-Mode"] != "navigate" || request.Headers["Sec-Fetch-User"] != "?1";
        // Browsers do not send the site to an address that is neither https nor this machine.
        string origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Authority == request.Host.Value);
    }

    private static string Parameter(HttpRequest request, string name) => request.Query[name].FirstOrDefault() ?? "";

    private static string GroupOf(HttpRequest request) => Parameter(request, "study") is { Length: > 0 } study ? $"study={study}"
        : Parameter(request, "network") is { Length: > 0 } network ? $"network={network}&data={Parameter(request, "data")}" : "";
}
