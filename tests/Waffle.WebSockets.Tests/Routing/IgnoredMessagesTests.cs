using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>Messages that nobody handles are counted.</summary>
public sealed class IgnoredMessagesTests
{
    private const string Name = "waffle.websockets.messages.ignored";

    [Fact]
    public async Task Each_ignored_message_is_counted_once_and_without_what_the_client_chose()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var counted = new List<(long Count, int Tags)>();
        using var listener = Listen(
            meter => meter.Scope == services.GetRequiredService<IMeterFactory>(), (count, tags) => counted.Add((count, tags)));
        var router = new MessageRouter().On("known", static (_, _, _) => Task.CompletedTask);
        await using var scene = await RouterScene.StartAsync(router, services: services);

        string[] messages = ["""{"type":"a"}""", """{"type":"known"}""", """{"type":"b","id":"1"}""", "nonsense", """{"type":"a"}"""];
        foreach (var message in messages)
        {
            await scene.SendAsync(message);
        }

        Assert.Contains("invalid_json", await scene.Peer.NextTextAsync(), StringComparison.Ordinal);
        await scene.CloseAsync();
        Assert.Equal([(1, 0), (1, 0), (1, 0)], counted);
    }

    [Fact]
    public async Task What_OnUnknown_handles_or_a_filter_drops_is_not_ignored()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var counted = 0L;
        using var listener = Listen(meter => meter.Scope == services.GetRequiredService<IMeterFactory>(), (count, _) => counted += count);
        var router = new MessageRouter()
            .OnUnknown(static (_, _, _) => Task.CompletedTask)
            .Use(static (context, next) => context.Type == "dropped" ? Task.CompletedTask : next(context));
        await using var scene = await RouterScene.StartAsync(router, services: services);

        await scene.SendAsync("""{"type":"unknown"}""");
        await scene.SendAsync("""{"type":"dropped"}""");

        await scene.CloseAsync();
        Assert.Equal(0, counted);
    }

    [Fact]
    public async Task Hubs_without_services_share_a_meter()
    {
        var meters = new HashSet<Meter>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter is { Name: WebSocketMetrics.MeterName, Scope: null })
                {
                    lock (meters)
                    {
                        meters.Add(instrument.Meter);
                    }
                }
            },
        };
        listener.Start();

        for (var i = 0; i < 10; i++)
        {
            await using var hub = new WebSocketHub();
        }

        lock (meters)
        {
            Assert.Single(meters);
        }
    }

    private static MeterListener Listen(Func<Meter, bool> isWanted, Action<long, int> count)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == WebSocketMetrics.MeterName && instrument.Name == Name && isWanted(instrument.Meter))
                {
                    Assert.Equal("{message}", instrument.Unit);
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, measurement, tags, _) => count(measurement, tags.Length));
        listener.Start();
        return listener;
    }
}
