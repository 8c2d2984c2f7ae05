namespace Waffle.WebSockets.Bench.Plots;

/// <summary>Colours and fonts, for a light and a dark page.</summary>
internal static class PlotStyle
{
    /// <summary>How many series have a colour of their own.</summary>
    public const int Colors = 8;

    public const string Sheet = """

        :root { --paper: #ffffff; --ink: #1f2328; --muted: #59636e; --grid: #d1d9e0; --faint: #eaeef2;
          --c0: #0062b8; --c1: #c2410c; --c2: #0f766e; --c3: #8e3fa8; --c4: #946200; --c5: #b3235f; --c6: #3f6f1c; --c7: #4d5b9e; }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #0d1117; --ink: #e6edf3; --muted: #9198a1; --grid: #3d444d; --faint: #21262d;
            --c0: #58a6ff; --c1: #ff9a5c; --c2: #45d0bf; --c3: #d2a8ff; --c4: #e3b341; --c5: #ff7eb6; --c6: #8ddb5c; --c7: #a5b4fc; }
        }
        text { font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; font-size: 12px; fill: var(--ink); }
        .title { font-size: 16px; font-weight: 600; }
        .axis { font-size: 13px; }
        .muted { fill: var(--muted); }
        .note { font-size: 11px; fill: var(--muted); }
        .paper { fill: var(--paper); }
        .grid { stroke: var(--grid); stroke-width: 1; }
        .faint { stroke: var(--faint); stroke-width: 1; }
        .frame { stroke: var(--muted); stroke-width: 1; }
        .line { fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linejoin: round; }
        .reference { stroke-dasharray: 6 4; stroke-width: 1.6; }
        .mark { fill: currentColor; stroke: var(--paper); stroke-width: 1; }
        .lead { stroke: currentColor; stroke-width: 1; opacity: 0.55; }
        .own { fill: currentColor; font-weight: 600; }
        .r { color: var(--muted); }
        .c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
        .c4 { color: var(--c4); } .c5 { color: var(--c5); } .c6 { color: var(--c6); } .c7 { color: var(--c7); }

        """;
}
