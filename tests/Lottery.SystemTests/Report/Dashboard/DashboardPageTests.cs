using System.Globalization;
using System.Text.RegularExpressions;
using Lottery.Studies.Store;
using Lottery.SystemTests.Browsers;
using Lottery.SystemTests.Cli;
using Lottery.SystemTests.Processes;
using Microsoft.Playwright;

namespace Lottery.SystemTests.Report.Dashboard;

/// <summary>The dashboard in a browser, beside processes that train, are killed, and start again.</summary>
public sealed class DashboardPageTests(Chromium chromium) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_page_follows_what_happens_without_being_loaded_again()
    {
        await using BrowserPage browser = await chromium.Open();
        IPage page = browser.Page;
        TinyImages.Write(_folder["tiny"]);
        var server = new ServedStore(_folder["store"]);
        try
        {
            await page.GotoAsync(server.Address.ToString());
            await Until(page, "#nothing");
            await page.EvaluateAsync("window.loadedOnce = true");

            // A new run appears, and its bar moves.
            using (LotteryProcess search = Search(steps: 3_000_000))
            {
                await Until(page, "#running .card .bar");
                int before = await Step(page);
                await browser.Until($"Number(document.querySelector('#running .card > p:last-of-type').innerText.match(/step ([\\d,]+)/)[1].replaceAll(',', '')) > {before}");
                await Until(page, ".job .state.running");
                await Until(page, ".square.running");
                Assert.Equal(1, await page.Locator("#running .card").CountAsync());
                await page.WaitForSelectorAsync("#running .card .spark polyline", new() { State = WaitForSelectorState.Attached });

                // It is killed, and shown as such.
                search.Signal("KILL");
                search.Wait();
            }
            await Until(page, "#interrupted li");
            await Until(page, ".job .state.interrupted");
            await Until(page, ".square.interrupted");
            Assert.Equal(0, await page.Locator("#running").CountAsync());

            // The server stops, the page says so; it starts again at its port, and the page goes on.
            int port = server.Address.Port;
            server.Process.Signal("INT");
            server.Process.Wait();
            server.Dispose();
            await browser.Until("document.getElementById('connection').textContent.startsWith('Not connected')");
            server = new ServedStore(_folder["store"], port);
            await browser.Until("document.getElementById('connection').textContent === ''");
            Assert.Equal(1, await page.Locator("#interrupted li").CountAsync());
            using (LotteryProcess search = Search(steps: 20))
                Assert.Equal(0, search.Wait().ExitCode);
            await Until(page, "#latest tbody tr");
            Assert.True(await page.EvaluateAsync<bool>("window.loadedOnce"));
        }
        finally
        {
            server.Dispose();
        }
    }

    [Theory]
    [InlineData(1400, false)]
    [InlineData(768, true)]
    [InlineData(360, true)]
    [InlineData(360, false)]
    public async Task Every_page_can_be_read_by_everybody(int width, bool dark)
    {
        await using BrowserPage browser = await chromium.Open(width, dark);
        Fill();
        using var server = new ServedStore(_folder["store"]);
        RunSummary[] runs = [.. new RunStore(_folder["store"]).List()];
        string failed = new RunStore(_folder["store"]).ListActive()[0].Id;
        foreach (string address in (string[])
        [
            "", "runs", "runs?columns=network,parent,data&sort=-seed", $"run/{runs[0].Id}", $"run/{failed}", $"compare?run={runs[0].Id}&run={runs[1].Id}",
            $"compare?{string.Join('&', runs.Select(run => $"run={run.Id}"))}", "charts", "nowhere",
        ])
        {
            await browser.Page.GotoAsync(server.Address + address);
            await browser.Until("[...document.querySelectorAll('figure.chart')].slice(0, 1).every(chart => chart.dataset.drawn)");
            await browser.Page.EvaluateAsync("document.querySelectorAll('details:not(figure details)').forEach(one => { one.open = true; })");
            Assert.Empty(await browser.Violations());
            Assert.True(await browser.Overflow() <= 0, $"/{address} is wider than its window.");
        }
        Assert.Empty(browser.Errors.Where(error => !error.Contains("404", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Runs_are_filtered_sorted_and_compared()
    {
        await using BrowserPage browser = await chromium.Open();
        IPage page = browser.Page;
        Fill();
        using var server = new ServedStore(_folder["store"]);
        await page.GotoAsync($"{server.Address}runs");
        int all = await page.Locator(".runs tbody tr").CountAsync();
        Assert.Equal(6, all);
        await page.FillAsync("#q", "control=reinit");
        await browser.Until("document.querySelectorAll('.runs tbody tr').length === 2");
        Assert.Equal("2 of 6 runs", await browser.Text("#count"));
        await page.ClickAsync(".runs thead a:text('accuracy')");
        await page.WaitForSelectorAsync("th[aria-sort=ascending]");
        double[] shown = [.. (await page.Locator(".runs tbody td:nth-child(3)").AllInnerTextsAsync())
            .Select(text => double.Parse(text.TrimEnd('%', ' '), CultureInfo.InvariantCulture))];
        Assert.Equal(shown.Order(), shown);
        Assert.Matches(new Regex(@"q=control%3Dreinit&sort=accuracy"), page.Url);
        foreach (ILocator box in await page.Locator(".runs input[name=run]").AllAsync()) await box.CheckAsync();
        await page.ClickAsync("text=Compare 2 runs");
        await Until(page, "#first-difference");
        Assert.StartsWith("The first stage that differs:", await browser.Text("#first-difference"), StringComparison.Ordinal);
        await page.WaitForSelectorAsync("figure.chart[data-drawn]");
    }

    /// <summary>Two searches that are finished, and a run that failed.</summary>
    private void Fill()
    {
        TinyImages.Write(_folder["tiny"]);
        string[] search = ["find", "--network", "mlp:20-8-3", "--data", _folder["tiny"], "--validation", "100", "--levels", "1",
            "--evaluate", "10", "--store", _folder["store"]];
        Assert.Equal(0, CommandLineRun.Of([.. search, "--steps", "60", "--controls", "reinit", "--replicates", "2"]).ExitCode);
        Assert.Equal(1, CommandLineRun.Of([.. search, "--steps", "20", "--optimizer", "sgd", "--lr", "1e38"]).ExitCode);
    }

    private LotteryProcess Search(int steps) => new("find", "--network", "mlp:20-16-3", "--data", _folder["tiny"], "--validation", "100",
        "--batch", "20", "--levels", "1", "--evaluate", "1000", "--jobs", "1", "--steps", $"{steps}", "--store", _folder["store"]);

    private static Task Until(IPage page, string selector) => page.WaitForSelectorAsync(selector);

    private static async Task<int> Step(IPage page) => int.Parse(
        Regex.Match(await page.Locator("#running .card > p:last-of-type").First.InnerTextAsync(), @"step ([\d,]+)").Groups[1].Value.Replace(",", ""),
        CultureInfo.InvariantCulture);
}
