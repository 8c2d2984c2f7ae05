using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>An epoll instance, level-triggered; what it watches has a number that comes back with each event.</summary>
internal sealed unsafe class EventLoop : IDisposable
{
    private const int Capacity = 1024;
    private const int CloseOnExec = 0x80000;
    private const int AddOperation = 1;
    private const int ModifyOperation = 3;

    // The kernel packs an event into 12 bytes on these architectures; elsewhere the number is aligned.
    private static readonly int _eventSize = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    private readonly int _epoll = LinuxError.Check(LinuxCalls.CreateEpoll(CloseOnExec), "epoll_create1");
    private readonly byte* _events = (byte*)NativeMemory.Alloc((nuint)(Capacity * _eventSize));

    public void Add(int descriptor, int number, SocketEvents events) => Control(AddOperation, descriptor, number, events);

    public void Modify(int descriptor, int number, SocketEvents events) => Control(ModifyOperation, descriptor, number, events);

    /// <summary>Waits for events; returns how many there are, 0 when the time is over.</summary>
    public int Wait(int milliseconds)
    {
        var count = LinuxCalls.WaitEpoll(_epoll, _events, Capacity, milliseconds);
        return count < 0 && LinuxError.Last == LinuxError.Interrupted ? 0 : LinuxError.Check(count, "epoll_wait");
    }

    /// <summary>The event at a place, of those that the last <see cref="Wait"/> counted.</summary>
    public (int Number, SocketEvents Events) GetEvent(int place)
    {
        var bytes = new ReadOnlySpan<byte>(_events + (place * _eventSize), _eventSize);
        return ((int)BinaryPrimitives.ReadInt64LittleEndian(bytes[^8..]), (SocketEvents)BinaryPrimitives.ReadInt32LittleEndian(bytes));
    }

    public void Dispose()
    {
        LinuxCalls.Close(_epoll);
        NativeMemory.Free(_events);
    }

    private void Control(int operation, int descriptor, int number, SocketEvents events)
    {
        Span<byte> bytes = stackalloc byte[_eventSize];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)events);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[^8..], number);
        fixed (byte* change = bytes)
        {
            LinuxError.Check(LinuxCalls.ControlEpoll(_epoll, operation, descriptor, change), "epoll_ctl");
        }
    }
}
