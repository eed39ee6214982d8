using Lottery.Report.Charts;
using Lottery.Report.Drawing;
using Lottery.Specifications;
using Lottery.Studies.Store;
using Lottery.SystemTests.Browsers;
using Microsoft.Playwright;

namespace Lottery.SystemTests.Report;

/// <summary>The report as people open it: from disk, in a browser that may not reach any network.</summary>
public sealed class ReportPageTests(Chromium chromium, ReportPageTests.Written written) : IClassFixture<ReportPageTests.Written>
{
    /// <summary>A report that all of these tests read.</summary>
    public sealed class Written : IDisposable
    {
        private readonly ReportStore _made = new();

        public Written() => Assert.Equal(0, _made.Run("report", "-o", _made["report.html"]).ExitCode);

        public string Address => new Uri(_made["report.html"]).AbsoluteUri;

        internal RunStore Store => _made.Store;

        public void Dispose() => _made.Dispose();
    }

    [Fact]
    public async Task Every_chart_is_drawn_without_a_network_and_has_the_numbers_of_the_store()
    {
        await using BrowserPage browser = await chromium.Open();
        IPage page = browser.Page;
        var asked = new List<string>();
        await page.RouteAsync(url => !url.StartsWith("file:", StringComparison.Ordinal), route =>
        {
            asked.Add(route.Request.Url);
            return route.AbortAsync();
        });
        await Show(browser);
        Assert.Empty(asked);
        Assert.Empty(browser.Errors);
        Assert.Equal(11, await page.Locator("figure.chart[data-drawn]").CountAsync());
        foreach (ILocator chart in await page.Locator("figure.chart").AllAsync())
            Assert.True(await chart.Locator(".live .plot path, .live .barlayer path, .live .heatmaplayer image, .live .scatterlayer path").CountAsync() > 0,
                $"{await chart.GetAttributeAsync("id")} is empty.");

        double[] shown = await page.EvaluateAsync<double[]>(
            "[...document.querySelector('#runs-accuracy .js-plotly-plot').data.find(trace => trace.name === 'criterion large-final').y]");
        var tickets = written.Store.List().Where(run => run.Control == Control.None && run.Criterion is null or "large-final")
            .GroupBy(run => run.Level).OrderBy(level => level.Key).Select(level => level.Average(run => run.Accuracy));
        Assert.All(shown.Zip(tickets), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public async Task Every_axis_has_three_ticks_also_after_a_zoom_and_percent_is_written_in_one_way()
    {
        await using BrowserPage browser = await chromium.Open();
        IPage page = browser.Page;
        await Show(browser);
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('.js-plotly-plot .xtick text, .js-plotly-plot .ytick text, .js-plotly-plot .cbaxis text')].filter(tick => /\\d%/.test(tick.textContent)).length"));
        string few = "[...document.querySelectorAll('.js-plotly-plot')].filter(plot => plot.data.some(trace => trace.type === 'scatter'))"
            + ".filter(plot => plot.querySelectorAll('.xtick').length < 3 || plot.querySelectorAll('.ytick').length < 3).length";
        Assert.Equal(0, await page.EvaluateAsync<int>(few));
        await page.EvaluateAsync("Plotly.relayout(document.querySelector('#runs-accuracy .js-plotly-plot'), { 'xaxis.range[0]': -0.05, 'xaxis.range[1]': -0.051, 'yaxis.range[0]': 0.5, 'yaxis.range[1]': 0.5005 })");
        await browser.Until("document.querySelector('#runs-accuracy .js-plotly-plot').layout.yaxis.tickvals[0] >= 0.4999");
        Assert.Equal(0, await page.EvaluateAsync<int>(few));
    }

    [Fact]
    public async Task Ticks_are_those_of_the_image_files()
    {
        await using BrowserPage browser = await chromium.Open();
        await Show(browser);
        foreach ((ChartAxis axis, double low, double high, int most) in ((ChartAxis, double, double, int)[])
            [(ChartAxis.Density, 0.641, 1.01, 8), (ChartAxis.Density, 0.004, 1, 5), (new("", NumberKind.Percent), 0.8812, 0.91, 6), (new("", NumberKind.Count), 0, 50_380, 7),
                (new("", NumberKind.Number), -0.21, 0.19, 4), (new("", NumberKind.Number), -3e-6, 8e-6, 6), (new("", NumberKind.Count), 0, 2, 8), (new("", NumberKind.Percent), -0.04, 1.04, 3)])
        {
            var scale = new AxisScale(axis, low, high);
            string[] labels = await browser.Page.EvaluateAsync<string[]>(
                "([axis, low, high, most]) => lottery.ticks.labels(axis, lottery.ticks.choose(axis, low, high, most))",
                new object[] { new { format = axis.Format.ToString().ToLowerInvariant(), kind = axis.Kind.ToString().ToLowerInvariant() }, low, high, most });
            Assert.Equal(scale.Ticks(most).Select(tick => tick.Label), labels);
        }
    }

    [Fact]
    public async Task Legends_hide_sliders_step_and_tables_open_by_keyboard()
    {
        await using BrowserPage browser = await chromium.Open();
        IPage page = browser.Page;
        await Show(browser);
        ILocator button = page.Locator("#runs-accuracy .legend button").First;
        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("false", await button.GetAttributeAsync("aria-pressed"));
        await browser.Until("!document.querySelector('#runs-accuracy .js-plotly-plot').data.some(trace => trace.name === 'criterion large-final')");
        await page.Keyboard.PressAsync("Enter");
        await browser.Until("document.querySelector('#runs-accuracy .js-plotly-plot').data.some(trace => trace.name === 'criterion large-final')");

        ILocator slider = page.Locator("#runs-learning-curves input[type=range]");
        string before = await slider.GetAttributeAsync("aria-valuetext") ?? "";
        await slider.FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await browser.Until("document.querySelector('#runs-learning-curves').dataset.drawn === '0'");
        Assert.NotEqual(before, await slider.GetAttributeAsync("aria-valuetext"));

        await page.Locator("#runs-learning-curves summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.True(await page.Locator("#runs-learning-curves table tbody tr").CountAsync() > 20);
    }

    [Fact]
    public async Task A_chart_is_saved_as_image_and_with_the_numbers_that_the_command_line_writes()
    {
        await using BrowserPage browser = await chromium.Open();
        IPage page = browser.Page;
        await Show(browser);
        foreach ((string format, string begins) in ((string, string)[])[("csv", "layer,"), ("svg", "<svg"), ("png", "\u0089PNG")])
            await Saved(page, format, begins);
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(360, true)]
    public async Task It_can_be_read_by_everybody(int width, bool dark)
    {
        await using BrowserPage browser = await chromium.Open(width, dark);
        await Show(browser);
        Assert.Empty(await browser.Violations());
        Assert.True(await browser.Overflow() <= 0, "The page is wider than its window.");
        string paper = await browser.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal(dark ? "rgb(20, 23, 28)" : "rgb(251, 250, 247)", paper);
        await browser.Page.ClickAsync("#theme");
        await browser.Until($"getComputedStyle(document.body).backgroundColor !== '{paper}'");
        Assert.Empty(browser.Errors);
    }

    private static async Task Saved(IPage page, string format, string begins)
    {
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync($"#runs-layers [data-save={format}]"));
        Assert.Equal($"runs-layers.{format}", download.SuggestedFilename);
        string text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(await download.PathAsync()));
        Assert.Contains(begins, text[..Math.Min(200, text.Length)], StringComparison.Ordinal);
    }

    /// <summary>Opens the report and waits until all charts are drawn, also those far down.</summary>
    private async Task Show(BrowserPage browser)
    {
        await browser.Page.GotoAsync(written.Address);
        await browser.Until("typeof Plotly !== 'undefined'");
        foreach (ILocator chart in await browser.Page.Locator("figure.chart").AllAsync()) await chart.ScrollIntoViewIfNeededAsync();
        await browser.Until("[...document.querySelectorAll('figure.chart')].every(chart => chart.dataset.drawn)");
    }
}
