using System.Security.Cryptography.X509Certificates;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Files that an engine, or its driver, reads; deleted at the end.</summary>
internal sealed class EngineFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("waffle-engine-");

    public string Folder => _folder.FullName;

    /// <summary>The certificate of the tests' servers, which is signed by itself.</summary>
    public string Certificate => Write("certificate.pem", KestrelHost.Certificate.ExportCertificatePem());

    public string PrivateKey
    {
        get
        {
            using var key = KestrelHost.Certificate.GetRSAPrivateKey()!;
            return Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        }
    }

    /// <summary>Writes a file, or writes it anew.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
