using System.IO.MemoryMappedFiles;

namespace Waffle.WebSockets.Fuzz.Engine;

/// <summary>The input of the run under way, in a file that is mapped into memory: it is there even when the run ends the process.</summary>
/// <remarks>Four bytes of length, then the input. The length is -1 between runs.</remarks>
internal sealed class CurrentInput : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public CurrentInput(string path, int maxLength)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, mapName: null, sizeof(int) + maxLength);
        _view = _file.CreateViewAccessor();
        End();
    }

    /// <summary>Reads what a process that is gone left behind; <see langword="null"/> if no run was under way.</summary>
    public static byte[]? Load(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        var length = BitConverter.ToInt32(bytes);
        return length < 0 ? null : bytes[sizeof(int)..(sizeof(int) + length)];
    }

    public void Begin(ReadOnlySpan<byte> input)
    {
        _view.SafeMemoryMappedViewHandle.WriteSpan(sizeof(int), input);
        _view.SafeMemoryMappedViewHandle.Write(0, input.Length);
    }

    public void End() => _view.SafeMemoryMappedViewHandle.Write(0, -1);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
