using System.Net;
using System.Net.Sockets;
using System.Text;
using Lottery.Report.Dashboard;
using Lottery.Specifications;
using Lottery.Studies.Identity;
using Lottery.Studies.Store;

namespace Lottery.SystemTests.Report.Dashboard;

/// <summary>What the dashboard does with requests that are odd, many, slow, or from elsewhere.</summary>
public sealed class DashboardLimitsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1_000 });
    private readonly RunStore _store;
    private readonly RunSpecification _dense = MadeUp.Dense();
    private DashboardServer _server = null!;

    public DashboardLimitsTests() => _store = new(_folder["store"]) { Initial = MadeUp.Initial };

    public async ValueTask InitializeAsync()
    {
        MadeUp.Keep(_store, _dense);
        MadeUp.Keep(_store, MadeUp.Dense(seed: 2));
        _server = await DashboardServer.StartAsync(_folder["store"], "127.0.0.1", 0, "1.2.3");
        _client.BaseAddress = _server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/runs?q=seed%3D1")]
    [InlineData("/run/{id}")]
    [InlineData("/compare")]
    [InlineData("/charts")]
    [InlineData("/nowhere")]
    [InlineData("/assets/plotly.js")]
    [InlineData("/events")]
    public async Task HEAD_is_answered_like_GET_without_a_body(string address)
    {
        address = address.Replace("{id}", RunIdentity.Of(_dense), StringComparison.Ordinal);
        await _client.GetStringAsync("/runs");
        using HttpResponseMessage get = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        using HttpResponseMessage head = await _client.SendAsync(new(HttpMethod.Head, address));
        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        // The overview counts bytes meanwhile.
        if (address != "/") Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("cross-site", "no-cors", "", HttpStatusCode.Forbidden)]
    [InlineData("same-site", "cors", "", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "navigate", "", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "navigate", "?1", HttpStatusCode.OK)]
    [InlineData("same-origin", "cors", "", HttpStatusCode.OK)]
    [InlineData("none", "navigate", "?1", HttpStatusCode.OK)]
    public async Task Pages_of_other_sites_get_nothing(string site, string mode, string user, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/runs?q=lenet");
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Sec-Fetch-Mode", mode);
        if (user.Length > 0) request.Headers.Add("Sec-Fetch-User", user);
        using HttpResponseMessage response = await _client.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("self", HttpStatusCode.OK)]
    public async Task Neither_do_those_of_browsers_that_name_their_origin_alone(string origin, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        request.Headers.Add("Origin", origin == "self" ? _server.Address.GetLeftPart(UriPartial.Authority) : origin);
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_filter_of_thousands_of_words_is_cut_off() => Assert.Contains(
        "A filter has at most 30 terms", await _client.GetStringAsync($"/runs?q={string.Join('+', Enumerable.Range(0, 1_000).Select(i => $"a{i}"))}"), StringComparison.Ordinal);

    [Fact]
    public async Task Event_streams_are_limited_and_leave_pages_alone()
    {
        var streams = new List<HttpResponseMessage>();
        try
        {
            for (int i = 0; i < ChangeEvents.MostStreams; i++) streams.Add(await Stream());
            Assert.All(streams, stream => Assert.Equal(HttpStatusCode.OK, stream.StatusCode));
            using (HttpResponseMessage refused = await Stream())
                Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (refused.StatusCode, refused.Headers.RetryAfter is not null));
            Assert.Contains("Findings", await _client.GetStringAsync("/"), StringComparison.Ordinal);

            // A client that leaves frees its stream for another.
            streams[0].Dispose();
            HttpResponseMessage next = await Stream();
            for (int attempt = 0; attempt < 600 && next.StatusCode != HttpStatusCode.OK; attempt++)
            {
                next.Dispose();
                await Task.Delay(50);
                next = await Stream();
            }
            streams.Add(next);
            Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        }
        finally
        {
            foreach (HttpResponseMessage stream in streams) stream.Dispose();
        }
    }

    [Fact]
    public async Task Connections_that_never_finish_their_request_do_not_lock_others_out()
    {
        var slow = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 300; i++)
            {
                var connection = new TcpClient();
                slow.Add(connection);
                await connection.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "));
            }
            Assert.Contains("Findings", await _client.GetStringAsync("/"), StringComparison.Ordinal);
        }
        finally
        {
            foreach (TcpClient connection in slow) connection.Dispose();
        }
    }

    [Fact]
    public async Task A_client_that_leaves_while_its_page_is_computed_does_not_disturb_others()
    {
        for (int i = 0; i < 50; i++)
        {
            using var gone = new CancellationTokenSource();
            Task<string> page = _client.GetStringAsync($"/charts?study={i}", gone.Token);
            await gone.CancelAsync();
            try
            {
                await page;
            }
            catch (OperationCanceledException)
            {
                // It left before the answer.
            }
        }
        Assert.Contains("Findings", await _client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_is_named_and_the_rest_of_its_page_is_shown()
    {
        string id = RunIdentity.Of(_dense), other = RunIdentity.Of(MadeUp.Dense(seed: 2));
        await _client.GetStringAsync("/runs");
        File.WriteAllText(Path.Combine(_store.Paths.Run(id), StorePaths.RunFile), "{}");
        foreach (string address in (string[])["/", "/runs", $"/run/{id}", $"/compare?run={id}&run={other}", "/charts"])
        {
            using HttpResponseMessage response = await _client.GetAsync(address);
            Assert.Equal((address, HttpStatusCode.OK), (address, response.StatusCode));
            if (address.Contains(id, StringComparison.Ordinal))
                Assert.Contains($"{id}/run.json", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private Task<HttpResponseMessage> Stream() => _client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
}
