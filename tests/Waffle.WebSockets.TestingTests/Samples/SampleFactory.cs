using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.TestingTests.Samples;

/// <summary>A sample in memory, without its log.</summary>
public sealed class SampleFactory<TProgram> : WebApplicationFactory<TProgram>
    where TProgram : class
{
    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.ConfigureLogging(static logging => logging.ClearProviders());
}
