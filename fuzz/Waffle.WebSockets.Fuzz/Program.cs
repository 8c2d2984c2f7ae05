using System.Globalization;
using Waffle.WebSockets.Fuzz.Commands;
using Waffle.WebSockets.Fuzz.Targets;

// Run through fuzz.sh, which builds, and calls these in the root of the repository.
return args switch
{
    ["list"] => ListCommand.Run(),
    ["instrument", var folder] => InstrumentCommand.Run(folder),
    ["run", var name, var seconds] => RunCommand.Run(FuzzTargets.Get(name), Seconds(seconds), seed: null),
    ["run", var name, var seconds, var seed] => RunCommand.Run(FuzzTargets.Get(name), Seconds(seconds), Number(seed)),
    ["rescue", var name] => RescueCommand.Run(FuzzTargets.Get(name)),
    ["replay", var name, .. var files] => ReplayCommand.Run(FuzzTargets.Get(name), files),
    ["distill", var name] => DistillCommand.Run(FuzzTargets.Get(name)),
    _ => Help(),
};

static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Help()
{
    Console.Error.WriteLine(
        "list | instrument FOLDER | run TARGET SECONDS [SEED] | rescue TARGET | replay TARGET FILE... | distill TARGET");
    return 2;
}
