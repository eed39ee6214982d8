using System.CommandLine;
using Lottery.Cli.Options;
using Lottery.Report.Dashboard;

namespace Lottery.Cli.Commands;

/// <summary>The store in a browser, while it fills.</summary>
internal sealed class ServeCommand : StoreCommand
{
    private readonly Option<int?> _port = Values.IntegerOrNone(
        "--port", $"The port. [default: {DashboardServer.UsualPort}, or a free one where it is taken]", 0, 65535);

    private readonly Option<string> _host = new("--host")
    {
        Description = "The address to listen on; others than 127.0.0.1 let other machines read the store.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    public ServeCommand(Terminal terminal) : base("serve", "Show the store in a browser, and keep the page up to date.",
        "lottery serve --port 8080", terminal)
    {
        Add(_port);
        Add(_host);
    }

    protected override int Run(ParseResult parsed)
    {
        Terminal.Interruption.Watch();
        string store = parsed.GetValue(Common.Store)!, host = parsed.GetValue(_host)!;
        if (!DashboardServer.IsLoopback(host))
            Terminal.Say($"Whoever can reach {host} can read this store: nobody is asked who they are, and nothing is encrypted.");
        Serve(store, host, parsed.GetValue(_port), parsed.GetValue(Common.Json)).GetAwaiter().GetResult();
        return Terminal.Interruption.ExitCode;
    }

    private async Task Serve(string store, string host, int? port, bool json)
    {
        await using DashboardServer server = await DashboardServer.Start(store, host, port, Versions.Lottery);
        if (json) Write(new System.Text.Json.Nodes.JsonObject { ["url"] = server.Address.ToString(), ["store"] = Path.GetFullPath(store) });
        else Write([$"{store} is shown at {server.Address} until Ctrl-C."]);
        Terminal.Flush();
        try
        {
            await Task.Delay(Timeout.Infinite, Terminal.Interruption.Token);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop: the only way that this ends.
        }
    }
}
