using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Lottery.SystemTests.Browsers;

/// <summary>A page that remembers what went wrong in it.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = [];

    internal BrowserPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of scripts and policies so far.</summary>
    public IEnumerable<string> Errors => _errors;

    /// <summary>How many pixels the page is wider than its window.</summary>
    public Task<int> Overflow() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");

    /// <summary>What axe finds against the page: rule, and where.</summary>
    public async Task<string[]> Violations()
    {
        var result = await Page.RunAxe();
        return [.. result.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {node.Html}"))];
    }

    /// <summary>Waits until an expression is true; it is asked from outside, which no policy of a page forbids.</summary>
    public async Task Until(string expression)
    {
        for (int attempt = 0; attempt < 1200; attempt++)
        {
            if (await Page.EvaluateAsync<bool>(expression)) return;
            await Task.Delay(50);
        }
        Assert.Fail($"It did not come to this in a minute: {expression}");
    }

    /// <summary>The text of an element, as people see it.</summary>
    public Task<string> Text(string selector) => Page.Locator(selector).First.InnerTextAsync();

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
