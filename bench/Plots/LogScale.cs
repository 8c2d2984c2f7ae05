namespace Waffle.WebSockets.Bench.Plots;

/// <summary>A place on a logarithmic axis.</summary>
/// <param name="Value">The value that is there.</param>
/// <param name="IsLabelled">Whether the value is written beside it.</param>
public readonly record struct LogTick(double Value, bool IsLabelled);

/// <summary>Places values along an axis by their logarithms, between round numbers (1, 2 or 5 times a power of ten).</summary>
public sealed class LogScale
{
    // Rounding must not take a bound that is a round number already to the next one.
    private const double Tolerance = 1e-9;

    private static readonly double[] _steps = [1, 2, 5];

    private readonly double _start;
    private readonly double _end;

    /// <param name="values">What is to have a place; all above zero.</param>
    /// <param name="start">The coordinate of the lower bound.</param>
    /// <param name="end">The coordinate of the upper bound; may be less than <paramref name="start"/>.</param>
    /// <param name="leastDecades">How many powers of ten are shown at least, so that what is flat looks flat.</param>
    public LogScale(IReadOnlyCollection<double> values, double start, double end, double leastDecades)
    {
        if (values.Count == 0 || !values.All(static value => value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentException("A logarithmic axis needs values, all of them above zero.", nameof(values));
        }

        (_start, _end) = (start, end);
        Lowest = RoundDown(values.Min());
        Highest = RoundUp(values.Max());
        while (Decades < leastDecades)
        {
            // Below and above by turns, so that the values stay in the middle.
            Highest = RoundUp(Highest * (1 + 1e-6));
            Lowest = Decades < leastDecades ? RoundDown(Lowest * (1 - 1e-6)) : Lowest;
        }
    }

    public double Lowest { get; private set; }

    public double Highest { get; private set; }

    private double Decades => Math.Log10(Highest / Lowest) + Tolerance;

    /// <summary>The coordinate of a value.</summary>
    public double Place(double value) => _start + ((_end - _start) * Math.Log10(value / Lowest) / Math.Log10(Highest / Lowest));

    /// <summary>Where lines are drawn: at every power of ten and, if there are few, at 2 and 5 times these.</summary>
    public IEnumerable<LogTick> Ticks()
    {
        var labelsSteps = Decades < 2;
        for (var exponent = (int)Math.Floor(Math.Log10(Lowest) + Tolerance); ; exponent++)
        {
            foreach (var step in _steps)
            {
                var value = step * Math.Pow(10, exponent);
                if (value > Highest * (1 + Tolerance))
                {
                    yield break;
                }

                if (value >= Lowest * (1 - Tolerance))
                {
                    yield return new LogTick(value, labelsSteps || step == 1);
                }
            }
        }
    }

    private static double RoundDown(double value)
    {
        var power = PowerBelow(value);
        return power * _steps.Last(step => step * power <= value * (1 + Tolerance));
    }

    private static double RoundUp(double value)
    {
        var power = PowerBelow(value);
        return power * _steps.Append(10).First(step => step * power >= value * (1 - Tolerance));
    }

    private static double PowerBelow(double value) => Math.Pow(10, Math.Floor(Math.Log10(value) + Tolerance));
}
