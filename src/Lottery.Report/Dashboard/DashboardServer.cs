using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lottery.Report.Dashboard;

/// <summary>A local web server that shows a store in a browser and updates its pages while runs train. It never writes to the store.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>The port if none is given and it is free, so that an open page finds a restarted server.</summary>
    public const int DefaultPort = 5151;

    private const int MostConnections = 4_000;

    /// <summary>Requests only ask.</summary>
    private const long MostOfBody = 0;

    private static readonly TimeSpan
        ShutdownTimeout = TimeSpan.FromMilliseconds(500), HeadersTimeout = TimeSpan.FromSeconds(5), IdleTimeout = TimeSpan.FromSeconds(30);

    private readonly WebApplication _application;

    private DashboardServer(WebApplication application, Uri address) => (_application, Address) = (application, address);

    /// <summary>The address of the dashboard.</summary>
    public Uri Address { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="store">The folder of the store; it need not exist yet.</param>
    /// <param name="host">The IP address to listen on, or <c>localhost</c>.</param>
    /// <param name="port">The port, 0 for any free one; null for <see cref="DefaultPort"/>, or any free port if that is in use.</param>
    /// <param name="version">The version of Lottery, for the footer.</param>
    /// <param name="program">How the program is called, for the commands that pages name.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="UserException">The store is of a newer format, or the address cannot be used.</exception>
    public static async Task<DashboardServer> StartAsync(
        string store, string host, int? port, string version, string program = "lottery", CancellationToken cancellationToken = default)
    {
        IPAddress address = AddressOf(host);
        if (port is { } given) return await ListenAsync(store, host, address, given, version, program, cancellationToken);
        try
        {
            return await ListenAsync(store, host, address, DefaultPort, version, program, cancellationToken);
        }
        catch (UserException inUse) when (inUse.InnerException is IOException)
        {
            return await ListenAsync(store, host, address, 0, version, program, cancellationToken);
        }
    }

    /// <summary>True if no other machine can reach <paramref name="host"/>.</summary>
    /// <exception cref="UserException">It is not an IP address.</exception>
    public static bool IsLoopback(string host) => IPAddress.IsLoopback(AddressOf(host));

    /// <summary>Ends every connection and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(ShutdownTimeout);
        try
        {
            await _application.StopAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // A client that does not read keeps its connection; the server stops without it.
        }
        await _application.DisposeAsync();
    }

    private static async Task<DashboardServer> ListenAsync(
        string store, string host, IPAddress address, int port, string version, string program, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MostOfBody;
            // A connection that is slow or idle costs little and is closed soon, so that many of them do not lock other clients out.
            options.Limits.MaxConcurrentConnections = MostConnections;
            options.Limits.RequestHeadersTimeout = HeadersTimeout;
            options.Limits.KeepAliveTimeout = IdleTimeout;
            options.Listen(address, port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        WebApplication application = builder.Build();
        var routes = new Routes(store, host, version, program, application.Lifetime.ApplicationStopping);
        routes.Map(application);
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception refusal) when (refusal is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw Refused(host, port, refusal);
        }
        _ = routes.PreloadAsync();
        string bound = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new(application, new(bound));
    }

    private static WorkFailedException Refused(string host, int port, Exception refusal) =>
        refusal is IOException { InnerException: AddressInUseException } || refusal.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            ? new($"Port {port} of {host} is in use by another program: name another with --port, or leave --port out.", refusal as IOException ?? new IOException(refusal.Message, refusal))
            : new($"{host}, port {port}, cannot be listened on ({refusal.GetBaseException().Message.TrimEnd('.')}): name another with --host or --port.",
                refusal as SocketException ?? refusal);

    private static IPAddress AddressOf(string host) => host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(host, out IPAddress? address) ? address
        : throw new UserException($"--host is '{host}', but must be an address of this machine such as 127.0.0.1, ::1 or 0.0.0.0.");

    /// <summary>Leaves the handling of signals to the command line.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
