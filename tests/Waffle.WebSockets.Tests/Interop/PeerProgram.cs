using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>A client as a program: what runs it, and its script beside this file.</summary>
internal sealed record PeerProgram(string Interpreter, string Script, string Needs)
{
    public static PeerProgram Node { get; } = new(
        "node", Path.Combine("node", "peer.mjs"), "Node.js on the PATH, and its ws package by `npm ci` in Interop/node");

    // The distribution's package is for the distribution's own Python, which need not be the first on the PATH.
    public static PeerProgram Python { get; } = new(
        Environment.GetEnvironmentVariable("PYTHON_PATH") ?? "/usr/bin/python3",
        Path.Combine("python", "peer.py"),
        "Python at PYTHON_PATH or /usr/bin/python3, and its websockets package (python3-websockets)");

    /// <summary>What to do when it does not run.</summary>
    public string Advice => $"The tests need {Needs}. ./test.sh installs what is missing.";

    public string ScriptPath => Path.Combine(RepositoryFolder.Path, "tests", "Waffle.WebSockets.Tests", "Interop", Script);
}
