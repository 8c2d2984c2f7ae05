using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Interop;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>A client in a process of its own that takes commands and tells events as lines of JSON.</summary>
internal sealed class ProcessPeer : CuttingPeer
{
    private readonly PeerProgram _program;
    private readonly Process _process;
    private readonly Channel<object> _received = Channel.CreateUnbounded<object>();
    private readonly Channel<string> _pongs = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<JsonNode> _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private int _pings;

    private ProcessPeer(PeerProgram program, Process process)
    {
        _program = program;
        _process = process;
        _reading = ReadEventsAsync();
    }

    public override string Subprotocol => (string)_open.Task.Result["protocol"]!;

    public override string Extensions => (string)_open.Task.Result["extensions"]!;

    /// <param name="options">More for the program's command line.</param>
    public static async Task<ProcessPeer> ConnectAsync(PeerProgram program, Uri address, string[] subprotocols, params string[] options)
    {
        var peer = new ProcessPeer(program, Start(program, address, subprotocols, options));
        try
        {
            await peer._open.Task.Soon();
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public override Task SendAsync(MessageKind kind, IReadOnlyList<byte[]> fragments) => CommandAsync(new JsonObject
    {
        ["do"] = "send",
        ["isBinary"] = kind == MessageKind.Binary,
        ["fragments"] = new JsonArray([.. fragments.Select(fragment => JsonValue.Create(Convert.ToBase64String(fragment)))]),
    });

    public override async Task PingAsync()
    {
        var payload = $"ping {++_pings}";
        await CommandAsync(new JsonObject { ["do"] = "ping", ["payload"] = payload });
        Assert.Equal(payload, await _pongs.Reader.ReadAsync().Soon());
    }

    public override async Task<PeerClose> CloseAsync(int? code, string reason)
    {
        var command = new JsonObject { ["do"] = "close" };
        if (code is not null)
        {
            command["code"] = code;
            command["reason"] = reason;
        }

        await CommandAsync(command);
        return await ReceiveCloseAsync();
    }

    public override async Task ReceiveCutAsync() => Assert.Equal(new PeerClose(1006, string.Empty), await ReceiveCloseAsync());

    public override void Abort() => CommandAsync(new JsonObject { ["do"] = "abort" }).GetAwaiter().GetResult();

    /// <summary>Ends the process as a crash would.</summary>
    public void Kill() => _process.Kill();

    public override async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Soon();
        await _reading.Soon();
        _process.Dispose();
    }

    protected override Task<object> ReceiveNextAsync() => _received.Reader.ReadAsync().Soon();

    private static Process Start(PeerProgram program, Uri address, string[] subprotocols, string[] options)
    {
        List<string> arguments = [program.ScriptPath, address.AbsoluteUri, .. options];
        foreach (var subprotocol in subprotocols)
        {
            arguments.AddRange(["--protocol", subprotocol]);
        }

        if (address.Scheme == "wss")
        {
            arguments.Add($"--ca={KestrelHost.Certificate.ExportCertificatePem()}");
        }

        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(program.Interpreter, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException(program.Advice, error);
        }
    }

    private async Task CommandAsync(JsonObject command)
    {
        await _process.StandardInput.WriteLineAsync(command.ToJsonString()).Soon();
        await _process.StandardInput.FlushAsync();
    }

    private async Task ReadEventsAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var told = JsonNode.Parse(line)!;
            switch ((string)told["event"]!)
            {
                case "open":
                    _open.TrySetResult(told);
                    break;
                case "message":
                    var kind = (bool)told["isBinary"]! ? MessageKind.Binary : MessageKind.Text;
                    _received.Writer.TryWrite(new PeerMessage(kind, Convert.FromBase64String((string)told["data"]!)));
                    break;
                case "pong":
                    _pongs.Writer.TryWrite((string)told["payload"]!);
                    break;
                case "close":
                    _received.Writer.TryWrite(new PeerClose((int)told["code"]!, (string)told["reason"]!));
                    break;
                default:
                    // A close follows.
                    _open.TrySetException(new InvalidOperationException($"{_program.Script} could not connect: {told["message"]}"));
                    break;
            }
        }

        var error = new InvalidOperationException($"{_program.Script} has ended. {_program.Advice}");
        _open.TrySetException(error);
        _received.Writer.TryComplete(error);
        _pongs.Writer.TryComplete(error);
    }
}
