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

/// <summary>Shows a store in browsers while it fills, and changes nothing in it.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>What is tried first where no port is asked for, so that an open page finds a server that was started again.</summary>
    public const int UsualPort = 5151;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private readonly WebApplication _application;

    private DashboardServer(WebApplication application, Uri address) => (_application, Address) = (application, address);

    /// <summary>Where the dashboard is.</summary>
    public Uri Address { get; }

    /// <summary>Starts serving.</summary>
    /// <param name="store">The folder of the store; it may be made later.</param>
    /// <param name="host">The address to listen on, or <c>localhost</c>.</param>
    /// <param name="port">The port; null for the usual one, or a free one where it is taken.</param>
    /// <param name="version">The version of lottery.</param>
    /// <exception cref="UserException">The store is of a newer format, or the address cannot be used.</exception>
    public static async Task<DashboardServer> Start(string store, string host, int? port, string version)
    {
        IPAddress address = AddressOf(host);
        if (port is { } fixed_) return await Listen(store, host, address, fixed_, version);
        try
        {
            return await Listen(store, host, address, UsualPort, version);
        }
        catch (UserException taken) when (taken.InnerException is IOException)
        {
            return await Listen(store, host, address, 0, version);
        }
    }

    /// <summary>True for an address that no other machine can reach.</summary>
    /// <exception cref="UserException">It is no address.</exception>
    public static bool IsLoopback(string host) => IPAddress.IsLoopback(AddressOf(host));

    /// <summary>Ends every connection and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _application.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // A browser that does not read keeps its connection; the process ends without it.
        }
        await _application.DisposeAsync();
    }

    private static async Task<DashboardServer> Listen(string store, string host, IPAddress address, int port, string version)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 0;
            options.Limits.MaxConcurrentConnections = 200;
            options.Listen(address, port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Patience);
        WebApplication application = builder.Build();
        var routes = new Routes(store, host, version, application.Lifetime.ApplicationStopping);
        routes.Map(application);
        try
        {
            await application.StartAsync();
        }
        catch (Exception refusal) when (refusal is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw Refused(host, port, refusal);
        }
        _ = routes.LookAhead();
        string bound = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new(application, new(bound));
    }

    private static UserException Refused(string host, int port, Exception refusal) =>
        refusal is IOException { InnerException: AddressInUseException } || refusal.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            ? new($"Port {port} of {host} is in use by another program: name another with --port, or leave --port out.", 1, refusal as IOException ?? new IOException(refusal.Message, refusal))
            : new($"{host}, port {port}, cannot be listened on ({refusal.GetBaseException().Message.TrimEnd('.')}): name another with --host or --port.", 1,
                refusal as SocketException ?? refusal);

    private static IPAddress AddressOf(string host) => host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(host, out IPAddress? address) ? address
        : throw new UserException($"--host is '{host}', but must be an address of this machine such as 127.0.0.1, ::1 or 0.0.0.0.");

    /// <summary>Signals are the command line's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
