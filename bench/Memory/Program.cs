using System.Globalization;
using Waffle.WebSockets;
using Waffle.WebSockets.Bench.Memory;

// What a connection costs in memory, for each way to compress: dotnet run -c Release --project bench/Memory [connections]
if (args is ["serve", var compression])
{
    await MeasuredServer.RunAsync(Enum.Parse<MessageCompression>(compression));
    return;
}

var connections = args is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 1000;
Console.WriteLine($"Bytes for each of {connections} connections; .NET {Environment.Version}.");
Console.WriteLine();
Console.WriteLine("| compression | exchanged | resident | of which managed |");
Console.WriteLine("|---|---|--:|--:|");
foreach (var mode in Enum.GetValues<MessageCompression>())
{
    foreach (var traffic in Traffic.All)
    {
        var cost = await Measurement.TakeAsync(mode, traffic, connections);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {mode} | {traffic.Name} | {cost.Resident:N0} | {cost.Managed:N0} |"));
    }
}
