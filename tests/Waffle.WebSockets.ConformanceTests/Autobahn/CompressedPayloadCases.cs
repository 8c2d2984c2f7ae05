namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 12: compressed messages of five kinds of data.</summary>
public sealed class CompressedPayloadCases(AutobahnServer server)
{
    private static readonly CompressionTestSource[] _sources =
    [
        CompressionTestData.Json, CompressionTestData.Bitmap, CompressionTestData.Prose, CompressionTestData.Html, CompressionTestData.Pdf,
    ];

    public static TheoryData<string, int, int> Rows => CompressionCase.Rows(12, _sources.Length);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Compressed_messages_come_back(string id, int source, int size)
    {
        Assert.StartsWith("12.", id, StringComparison.Ordinal);
        var (length, fragmentLength) = CompressionCase.Sizes[size];
        return CompressionRun.RunAsync(server, new CompressionCase(_sources[source], [new DeflateOffer()], length, fragmentLength));
    }
}
