using System.Text;

namespace Waffle.WebSockets.Testing.Client;

/// <summary>Pings whose pong is awaited. A pong answers those before its own, too (RFC 6455 5.5.3).</summary>
internal sealed class PendingPings
{
    private readonly Lock _pingsLock = new();
    private readonly List<(string Payload, TaskCompletionSource Answer)> _pings = [];
    private int _count;
    private Exception? _end;

    public (byte[] Payload, Task Answer) Add()
    {
        lock (_pingsLock)
        {
            var payload = $"{++_count}";
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_end is null)
            {
                _pings.Add((payload, answer));
            }
            else
            {
                answer.SetException(_end);
            }

            return (Encoding.ASCII.GetBytes(payload), answer.Task);
        }
    }

    public void Answer(byte[] payload)
    {
        var text = Encoding.ASCII.GetString(payload);
        foreach (var answer in Take(pings => pings.FindIndex(ping => ping.Payload == text) + 1))
        {
            answer.TrySetResult();
        }
    }

    public void End(Exception end)
    {
        lock (_pingsLock)
        {
            _end = end;
        }

        foreach (var answer in Take(pings => pings.Count))
        {
            answer.TrySetException(end);
        }
    }

    private TaskCompletionSource[] Take(Func<List<(string Payload, TaskCompletionSource Answer)>, int> count)
    {
        lock (_pingsLock)
        {
            var taken = _pings[..count(_pings)];
            _pings.RemoveRange(0, taken.Count);
            return [.. taken.Select(ping => ping.Answer)];
        }
    }
}
