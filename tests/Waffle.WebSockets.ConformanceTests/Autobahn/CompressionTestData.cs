using System.Globalization;
using System.Text;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Data of the five kinds that Autobahn compresses, about as long as its files, the same in every run; made here.</summary>
internal static class CompressionTestData
{
    private static readonly string[] _words =
    [
        "und", "die", "der", "nicht", "Wäsche", "Straße", "blühte", "über",
        "Nachbarn", "kein", "Mensch", "wußte", "hörte", "Glocken", "morgens", "spät",
    ];

    public static CompressionTestSource Json { get; } = new(isBinary: false, CreateJson(194_000));

    public static CompressionTestSource Bitmap { get; } = new(isBinary: true, CreateBitmap(512));

    public static CompressionTestSource Prose { get; } = new(isBinary: true, Encoding.UTF8.GetBytes(CreateProse(222_000, new Random(3))));

    public static CompressionTestSource Html { get; } = new(isBinary: false, CreateHtml(263_000));

    public static CompressionTestSource Pdf { get; } = new(isBinary: true, CreatePdf(1_042_000));

    // Objects of objects with the same names again and again, as a report has them.
    private static string CreateJson(int length)
    {
        var random = new Random(1);
        var json = new StringBuilder("{\n");
        for (var i = 0; json.Length < length; i++)
        {
            var state = random.Next(9) == 0 ? "late" : "ok";
            json.Append(CultureInfo.InvariantCulture, $"   \"station {i}\": {{\n      \"state\": \"{state}\",\n")
                .Append(CultureInfo.InvariantCulture, $"      \"duration\": {random.Next(2_000)},\n")
                .Append(CultureInfo.InvariantCulture, $"      \"code\": {1000 + random.Next(12)},\n")
                .Append(CultureInfo.InvariantCulture, $"      \"file\": \"station_{i}_{random.Next():x}.json\"\n   }},\n");
        }

        return json.Append("   \"end\": true\n}\n").ToString();
    }

    // A picture in shades of gray, with a little noise.
    private static byte[] CreateBitmap(int side)
    {
        var random = new Random(2);
        var bitmap = new byte[1078 + (side * side)];
        "BM"u8.CopyTo(bitmap);
        for (var i = 0; i < side * side; i++)
        {
            var (x, y) = (i % side, i / side);
            bitmap[1078 + i] = (byte)(128 + (80 * Math.Sin(x / 40.0) * Math.Cos(y / 55.0)) + random.Next(4));
        }

        return bitmap;
    }

    private static string CreateProse(int length, Random random)
    {
        var prose = new StringBuilder();
        while (prose.Length < length)
        {
            prose.Append(_words[random.Next(_words.Length)]).Append(random.Next(8) == 0 ? ",\r\n" : " ");
        }

        return prose.ToString();
    }

    private static string CreateHtml(int length)
    {
        var random = new Random(4);
        var html = new StringBuilder("<!doctype html>\n<html>\n<body>\n<table>\n");
        for (var i = 0; html.Length < length; i++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr class=\"row{i % 2}\">")
                .Append(CultureInfo.InvariantCulture, $"<td><a href=\"#case{i}\">{CreateProse(40, random)}</a></td>")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"time\">{random.Next(5_000)} ms</td></tr>\n");
        }

        return html.Append("</table>\n</body>\n</html>\n").ToString();
    }

    // Mostly streams that are compressed already.
    private static byte[] CreatePdf(int length)
    {
        var random = new Random(5);
        using var pdf = new MemoryStream();
        pdf.Write("%PDF-1.4\n"u8);
        for (var i = 1; pdf.Length < length; i++)
        {
            var stream = new byte[random.Next(2_000, 30_000)];
            random.NextBytes(stream);
            pdf.Write(Encoding.ASCII.GetBytes($"{i} 0 obj\n<< /Length {stream.Length} /Filter /FlateDecode >>\nstream\n"));
            pdf.Write(stream);
            pdf.Write("\nendstream\nendobj\n"u8);
        }

        return pdf.ToArray();
    }
}
