using System.Globalization;
using Waffle.WebSockets.ClientCrowd;

// Many clients in a process of their own: ClientCrowd PORT PATH READERS SILENT. Says "connected" when all are, and what they saw when its input ends.
var (port, path) = (int.Parse(args[0], CultureInfo.InvariantCulture), args[1]);
var (readers, silent) = (int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
var counts = new CrowdCounts();
var clients = new CrowdClient[readers + silent];
await Parallel.ForAsync(0, clients.Length, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
    clients[i] = (await CrowdClient.ConnectAsync(port, path)).Client ?? throw new InvalidOperationException("A handshake was refused."));
using var over = new CancellationTokenSource();
var reading = clients.Take(readers).Select(client => client.ReadAndComeBackAsync(port, path, counts, over.Token)).ToArray();
Console.WriteLine("connected");
Console.In.ReadToEnd();
await over.CancelAsync();
await Task.WhenAll(reading);
counts.SilentCut = clients.Skip(readers).Count(static client => client.IsCut());
Console.WriteLine(counts);
