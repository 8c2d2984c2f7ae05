namespace Waffle.WebSockets.TestKit.Proxies;

/// <summary>Which way bytes go through a proxy.</summary>
[Flags]
public enum ProxyDirections
{
    None = 0,

    /// <summary>From whoever has connected to the proxy.</summary>
    ToTarget = 1,

    /// <summary>Back to him.</summary>
    FromTarget = 2,

    Both = ToTarget | FromTarget,
}
