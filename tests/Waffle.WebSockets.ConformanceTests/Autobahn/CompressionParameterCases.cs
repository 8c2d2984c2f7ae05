namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Group 13: compressed messages of one kind of data, with what a client may ask of the server.</summary>
public sealed class CompressionParameterCases(AutobahnServer server)
{
    private static readonly DeflateOffer[][] _offers =
    [
        [new DeflateOffer()],
        [new DeflateOffer(ServerNoContextTakeover: true)],
        [new DeflateOffer(ServerMaxWindowBits: 9)],
        [new DeflateOffer(ServerMaxWindowBits: 15)],
        [new DeflateOffer(ServerNoContextTakeover: true, ServerMaxWindowBits: 9)],
        [new DeflateOffer(ServerNoContextTakeover: true, ServerMaxWindowBits: 15)],
        [
            new DeflateOffer(ServerNoContextTakeover: true, ServerMaxWindowBits: 9),
            new DeflateOffer(ServerNoContextTakeover: true),
            new DeflateOffer(),
        ],
    ];

    public static TheoryData<string, int, int> Rows => CompressionCase.Rows(13, _offers.Length);

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Compressed_messages_come_back(string id, int offers, int size)
    {
        Assert.StartsWith("13.", id, StringComparison.Ordinal);
        var (length, fragmentLength) = CompressionCase.Sizes[size];
        return CompressionRun.RunAsync(server, new CompressionCase(CompressionTestData.Json, _offers[offers], length, fragmentLength));
    }
}
