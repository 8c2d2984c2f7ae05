using System.Globalization;
using System.Runtime.InteropServices;

namespace Waffle.WebSockets.Bench.Load.Processes;

/// <summary>Where the figures come from.</summary>
/// <param name="Processor">Its model.</param>
/// <param name="CoreCount">How many cores this process may use.</param>
/// <param name="System">The kernel.</param>
/// <param name="LoadAverage">How busy the machine was before: of the last minute.</param>
internal sealed record Machine(string Processor, int CoreCount, string System, double LoadAverage)
{
    public static Machine Read()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return new Machine(
            model?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            $"{RuntimeInformation.OSDescription}, Linux {Environment.OSVersion.Version}",
            double.Parse(load, CultureInfo.InvariantCulture));
    }
}
