using System.Diagnostics;
using System.Net.WebSockets;

namespace Waffle.WebSockets.Bench.Memory;

/// <summary>One server, many connections that exchange the same and then stay, and the difference that they make.</summary>
internal static class Measurement
{
    public static async Task<MemoryUse> TakeAsync(MessageCompression compression, Traffic traffic, int connections)
    {
        using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", compression.ToString()]) { RedirectStandardOutput = true })!;
        try
        {
            var address = new Uri((await server.StandardOutput.ReadLineAsync())!);
            using var http = new HttpClient { BaseAddress = address };

            // What is made once for all (code, pools, Kestrel's own) is there before the first look.
            await CloseAsync(await ConnectAsync(address, compression, traffic, connections / 10));
            var before = await LookAsync(http);
            var clients = await ConnectAsync(address, compression, traffic, connections);
            var after = await LookAsync(http);
            await CloseAsync(clients);
            return after.PerConnection(before, connections);
        }
        finally
        {
            server.Kill();
        }
    }

    private static async Task<MemoryUse> LookAsync(HttpClient http) => (await http.GetFromJsonAsync<MemoryUse>("/memory"))!;

    private static async Task<List<ClientWebSocket>> ConnectAsync(Uri server, MessageCompression compression, Traffic traffic, int count)
    {
        var address = new UriBuilder(new Uri(server, "/echo")) { Scheme = "ws" }.Uri;
        var message = traffic.CreateMessage();
        var received = new byte[message.Length + 1];
        var clients = new List<ClientWebSocket>();
        for (var i = 0; i < count; i++)
        {
            var client = new ClientWebSocket();
            if (compression != MessageCompression.Disabled)
            {
                client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
            }

            clients.Add(client);
            await client.ConnectAsync(address, CancellationToken.None);
            for (var sent = 0; sent < traffic.Messages; sent++)
            {
                await client.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                await ReceiveAsync(client, received, message.Length);
            }
        }

        return clients;
    }

    private static async Task ReceiveAsync(ClientWebSocket client, byte[] buffer, int length)
    {
        var total = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            result = await client.ReceiveAsync(buffer.AsMemory(total), CancellationToken.None);
            total += result.Count;
        }
        while (!result.EndOfMessage);
        if (total != length)
        {
            throw new InvalidOperationException($"{total} bytes came back, not {length}.");
        }
    }

    private static async Task CloseAsync(List<ClientWebSocket> clients)
    {
        foreach (var client in clients)
        {
            await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            client.Dispose();
        }
    }
}
