using System.CommandLine;
using System.Text.Json.Nodes;
using Lottery.Cli.Options;
using Lottery.Cli.Output;
using Lottery.Report.Dashboard;

namespace Lottery.Cli.Commands;

/// <summary>Serves the live dashboard of a store.</summary>
internal sealed class ServeCommand : StoreCommand
{
    private readonly Option<int?> _port = Values.IntegerOrNone(
        "--port", $"The port. [default: {DashboardServer.DefaultPort}, or a free one if it is in use]", 0, 65535);

    private readonly Option<string> _host = new("--host")
    {
        Description = "The address to listen on; any other than 127.0.0.1 lets other machines read the store.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    public ServeCommand(Terminal terminal) : base("serve", "Serve a live dashboard of the store to a browser.",
        "lottery serve --port 8080", terminal)
    {
        Add(_port);
        Add(_host);
    }

    protected override int Run(ParseResult parsed)
    {
        Terminal.Interruption.Watch();
        string store = Common.StoreOf(parsed), host = parsed.GetValue(_host)!;
        if (!DashboardServer.IsLoopback(host))
            Terminal.Say($"Anyone who can reach {host} can read this store: there is no authentication and no encryption.");
        Serve(store, host, parsed.GetValue(_port), parsed.GetValue(Common.Json)).GetAwaiter().GetResult();
        return Terminal.Interruption.ExitCode;
    }

    private async Task Serve(string store, string host, int? port, bool json)
    {
        await using DashboardServer server = await DashboardServer.StartAsync(store, host, port, Versions.Lottery, Terminal.Hints.Program);
        if (json) Write(new JsonObject { ["url"] = server.Address.ToString(), ["store"] = Path.GetFullPath(store) });
        else Write($"{store} is served at {server.Address} until Ctrl-C.");
        Terminal.Flush();
        try
        {
            await Task.Delay(Timeout.Infinite, Terminal.Interruption.Token);
        }
        catch (OperationCanceledException)
        {
            // A signal is the only way to end this command.
        }
    }
}
