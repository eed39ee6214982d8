using System.Diagnostics;
using System.Net;
using Lottery.Report.Dashboard;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;
using Lottery.SystemTests.Cli;

namespace Lottery.SystemTests.Report.Dashboard;

/// <summary>The dashboard over HTTP, without a browser.</summary>
public sealed class DashboardServerTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly RunStore _store;
    private readonly RunSpecification _dense = MadeUp.Dense();
    private DashboardServer _server = null!;

    public DashboardServerTests() => _store = new(_folder["store"]) { Initial = MadeUp.Initial };

    public async ValueTask InitializeAsync()
    {
        _server = await DashboardServer.StartAsync(_folder["store"], "127.0.0.1", 0, "1.2.3");
        _client.BaseAddress = _server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_empty_store_says_what_to_do() =>
        Assert.Contains("lottery quickstart --store", await Get("/"), StringComparison.Ordinal);

    [Fact]
    public async Task Every_page_shows_a_run()
    {
        RunSpecification next = MadeUp.Next(_dense);
        foreach (RunSpecification run in (RunSpecification[])[_dense, next, MadeUp.Next(next, Control.Reinit)]) MadeUp.Keep(_store, run);
        string id = RunIdentity.Of(_dense), other = RunIdentity.Of(next);
        foreach (string address in (string[])["/", "/runs", $"/run/{id}", $"/run/{other}", $"/compare?run={id}&run={other}"])
            Assert.Contains(id, await Eventually(address, id), StringComparison.Ordinal);
        Assert.Contains("script class=\"data\"", (await Get("/charts")).Replace("type=\"application/json\" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_are_held_against_each_other()
    {
        RunSpecification other = MadeUp.Dense(seed: 2);
        MadeUp.Keep(_store, _dense);
        MadeUp.Keep(_store, other);
        string same = RunIdentity.Of(_dense), page = await Eventually($"/compare?run={same}&run={RunIdentity.Of(other)}", "The first stage that differs");
        Assert.Contains("The first stage that differs: initial weights.", page, StringComparison.Ordinal);
        Assert.Contains("""<tr><th scope="row">seed</th><td>1</td><td class="differs">2</td></tr>""", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_under_way_interrupted_or_failed_is_told_apart()
    {
        using (_store.Begin(_dense, default))
        {
            Assert.Contains("<h2>Running</h2>", await Eventually("/", "<h2>Running</h2>"), StringComparison.Ordinal);
            Assert.Contains("running", await Get($"/run/{RunIdentity.Of(_dense)}"), StringComparison.Ordinal);
        }
        Assert.Contains("interrupted", await Eventually("/", "<h2>Interrupted</h2>"), StringComparison.Ordinal);
        _store.Fail(_dense, "It <i>diverged</i>.");
        string page = await Eventually("/", "<h2>Failed</h2>");
        Assert.Contains("It &lt;i&gt;diverged&lt;/i&gt;.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_text()
    {
        string name = "<img src=x onerror=alert(1)>";
        TinyImages.Write(_folder[name]);
        Assert.Equal(0, CommandLineRun.Of("find", "--network", "mlp:20-8-3", "--data", _folder[name], "--validation", "100",
            "--levels", "1", "--steps", "20", "--store", _folder["store"]).ExitCode);
        string id = _store.List()[0].Id;
        foreach (string address in (string[])["/", "/runs", $"/run/{id}", "/charts", $"/compare?run={id}&run={_store.List()[1].Id}", $"/charts?study={name}", $"/runs?q={name}"])
        {
            string page = await Eventually(address, "&lt;img", orElse: address.StartsWith("/charts?", StringComparison.Ordinal));
            Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/run/0000")]
    [InlineData("/run/..%2f..%2fstore.json")]
    [InlineData("/compare?run=xyz&run=zyx")]
    [InlineData("/assets/page.css")]
    public async Task What_is_not_there_is_not_found(string address) =>
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(address)).StatusCode);

    [Theory]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example:80", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost:1234", HttpStatusCode.OK)]
    [InlineData("[::1]:1234", HttpStatusCode.OK)]
    public async Task Names_made_elsewhere_are_refused(string host, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = host } };
        using HttpResponseMessage response = await _client.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Only_reading_is_answered() =>
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _client.PostAsync("/", null)).StatusCode);

    [Fact]
    public async Task A_script_is_sent_once()
    {
        using HttpResponseMessage first = await _client.GetAsync("/assets/plotly.js");
        Assert.InRange(first.Content.Headers.ContentLength ?? (await first.Content.ReadAsByteArrayAsync()).Length, 4_000_000, 6_000_000);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/assets/plotly.js") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await _client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Changes_are_told_as_they_happen()
    {
        using var reader = new StreamReader(await _client.GetStreamAsync("/events"));
        string before = await Message(reader);
        MadeUp.Keep(_store, _dense);
        Assert.NotEqual(before, await Message(reader));
    }

    [Fact]
    public async Task Browsers_that_leave_in_the_middle_leave_nothing_behind()
    {
        for (int i = 0; i < 30; i++)
        {
            using var reader = new StreamReader(await _client.GetStreamAsync("/events"));
            await Message(reader);
        }
        using Stream open = await _client.GetStreamAsync("/events");
        var watch = Stopwatch.StartNew();
        await _server.DisposeAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"Stopping took {watch.Elapsed}.");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _client.GetAsync("/"));
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_a_sentence()
    {
        var refusal = await Assert.ThrowsAsync<WorkFailedException>(
            () => DashboardServer.StartAsync(_folder["store"], "127.0.0.1", _server.Address.Port, ""));
        Assert.Equal($"Port {_server.Address.Port} of 127.0.0.1 is in use by another program: name another with --port, or leave --port out.", refusal.Message);
        await Assert.ThrowsAsync<UserException>(() => DashboardServer.StartAsync(_folder["store"], "nowhere.example", 0, ""));
    }

    [Fact]
    public async Task Without_a_port_there_are_as_many_dashboards_as_one_likes()
    {
        await using DashboardServer one = await DashboardServer.StartAsync(_folder["store"], "127.0.0.1", null, "");
        await using DashboardServer two = await DashboardServer.StartAsync(_folder["store"], "127.0.0.1", null, "");
        Assert.NotEqual(one.Address.Port, two.Address.Port);
    }

    private Task<string> Get(string address) => _client.GetStringAsync(address);

    /// <summary>The page once it has <paramref name="text"/>: what the server knows may be a moment old.</summary>
    private async Task<string> Eventually(string address, string text, bool orElse = false)
    {
        string page = "";
        for (int attempt = 0; attempt < 100 && !page.Contains(text, StringComparison.Ordinal); attempt++)
        {
            if (attempt > 0) await Task.Delay(100);
            using HttpResponseMessage response = await _client.GetAsync(address);
            page = await response.Content.ReadAsStringAsync();
            if (orElse) break;
        }
        return page;
    }

    private static async Task<string> Message(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return line;
        return "";
    }
}
