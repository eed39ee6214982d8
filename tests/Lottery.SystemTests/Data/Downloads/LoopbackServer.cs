using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lottery.SystemTests.Data.Downloads;

/// <summary>An HTTP server on this machine that answers one request a connection, as a test says, and remembers them.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<Request, Answer> _answer;
    private readonly Task _loop;

    public LoopbackServer(Func<Request, Answer> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = Task.Run(Serve);
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public List<Request> Requests { get; } = [];

    public void Dispose()
    {
        _end.Cancel();
        _loop.Wait();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Serve()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                await Handle(client.GetStream());
            }
            catch (OperationCanceledException)
            {
            }
            catch (IOException)
            {
                // The client hung up.
            }
        }
    }

    private async Task Handle(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync(_end.Token))!.Split(' ')[1];
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } line)
            headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        var request = new Request(path, headers);
        Requests.Add(request);
        Answer answer = _answer(request);
        string head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {answer.Status}\r\nContent-Length: {answer.Body.Length}\r\nConnection: close\r\n{answer.Headers}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _end.Token);
        await stream.WriteAsync(answer.Body.AsMemory(0, Math.Min(answer.BreakAfter, answer.Body.Length)), _end.Token);
        if (answer.Hangs) await reader.ReadAsync(new char[1], _end.Token);
    }

    /// <summary>What was asked for.</summary>
    public sealed record Request(string Path, Dictionary<string, string> Headers)
    {
        public string? this[string name] => Headers.GetValueOrDefault(name);

        /// <summary>The first byte asked for; 0 without a range.</summary>
        public int From => this["Range"] is { } range ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>What is sent: of the body, at most the first <paramref name="BreakAfter"/> bytes.</summary>
    public sealed record Answer(string Status, byte[] Body, string Headers = "", int BreakAfter = int.MaxValue, bool Hangs = false)
    {
        public static Answer NotFound { get; } = new("404 Not Found", []);

        /// <summary>The whole file.</summary>
        public static Answer Whole(byte[] file, string version = "\"1\"") => new("200 OK", file, $"ETag: {version}\r\n");

        /// <summary>The rest of the file where a range is asked for and the file has not changed since, or the whole.</summary>
        public static Answer Ranged(Request request, byte[] file, string version = "\"1\"")
        {
            bool rest = request.From > 0 && (request["If-Range"] ?? version) == version;
            if (!rest) return Whole(file, version);
            if (request.From >= file.Length) return new("416 Range Not Satisfiable", []);
            return new("206 Partial Content", file[request.From..],
                $"ETag: {version}\r\nContent-Range: bytes {request.From}-{file.Length - 1}/{file.Length}\r\n");
        }
    }
}
