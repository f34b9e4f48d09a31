using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>openvpn 2.6 in user space: its kernel module is another thing and not compared with.</summary>
internal sealed class OpenVpn : ITunnel
{
    private const string Package = "openvpn";
    private readonly List<LabProcess> _processes = [];
    private string? _version;

    public string Name => $"{Package} {_version}";

    public string Address => "10.83.0.2";

    public async Task StartAsync(TunnelLab lab, TunnelPorts ports, CancellationToken cancellationToken)
    {
        PeerPackages packages = await PeerSuites.StableAsync(cancellationToken);
        _version = packages.VersionOf(Package);
        string fingerprintA = MakeCertificate(lab.Folder, 'a');
        string fingerprintB = MakeCertificate(lab.Folder, 'b');
        string port = ports.Listen.ToString(CultureInfo.InvariantCulture);
        string dial = ports.Dial.ToString(CultureInfo.InvariantCulture);
        Start(packages, lab, 'b', lab.Right, ["--tls-server", "--dh", "none", "--local", TunnelLab.RightAddress, "--lport", port, "--ifconfig", Address, "10.83.0.1", "--peer-fingerprint", fingerprintA]);
        Start(packages, lab, 'a', lab.Left, ["--tls-client", "--remote", TunnelLab.RightAddress, dial, "--nobind", "--ifconfig", "10.83.0.1", Address, "--peer-fingerprint", fingerprintB]);
        await lab.UntilReachableAsync(Address, TimeSpan.FromSeconds(30), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LabProcess process in _processes)
        {
            await process.DisposeAsync();
        }
    }

    private void Start(PeerPackages packages, TunnelLab lab, char letter, LabNode node, string[] own)
    {
        string file = Path.Combine(lab.Folder, $"openvpn-{letter}");
        (string program, string[] arguments) = packages.Command(
            "usr/sbin/openvpn",
            [
                "--dev", "ovpn-bench", "--dev-type", "tun", "--proto", "udp", "--tun-mtu", "1420", "--mssfix", "0", "--data-ciphers", "AES-128-GCM", "--cipher", "AES-128-GCM",
                "--sndbuf", "4194304", "--rcvbuf", "4194304", "--txqueuelen", "1000", "--verb", "2", "--fast-io", "--persist-tun", "--disable-dco",
                "--cert", file + ".crt", "--key", file + ".key", .. own,
            ]);
        _processes.Add(TunnelLab.Start(node, program, arguments));
    }

    // Gives the fingerprint the other end trusts it by.
    private static string MakeCertificate(string folder, char letter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = new CertificateRequest($"CN=end-{letter}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        string file = Path.Combine(folder, $"openvpn-{letter}");
        File.WriteAllText(file + ".crt", certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(file + ".key", key.ExportPkcs8PrivateKeyPem() + "\n");
        return string.Join(':', certificate.GetCertHash(HashAlgorithmName.SHA256).Select(part => part.ToString("X2", CultureInfo.InvariantCulture)));
    }
}
