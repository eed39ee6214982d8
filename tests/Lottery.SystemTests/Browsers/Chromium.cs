using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Lottery.SystemTests.Browsers.Chromium))]

namespace Lottery.SystemTests.Browsers;

/// <summary>One browser for all tests of pages; it is started by the first test that opens a page.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly Lazy<Task<IBrowser>> _browser = new(Launch);
    private static IPlaywright? s_playwright;

    /// <summary>Where it is; tests are skipped where it is not.</summary>
    private static string Path => Environment.GetEnvironmentVariable("LOTTERY_CHROMIUM") ?? "/usr/bin/chromium";

    /// <summary>An empty page.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="dark">Whether the system prefers dark colours.</param>
    public async Task<BrowserPage> Open(int width = 1280, bool dark = false)
    {
        Assert.SkipUnless(File.Exists(Path), $"There is no browser at {Path}.");
        IBrowser browser = await _browser.Value;
        IBrowserContext context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        context.SetDefaultTimeout(60_000);
        return new(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated) await (await _browser.Value).DisposeAsync();
        s_playwright?.Dispose();
    }

    private static async Task<IBrowser> Launch()
    {
        s_playwright = await Playwright.CreateAsync();
        return await s_playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path, Args = ["--no-sandbox"] });
    }
}
