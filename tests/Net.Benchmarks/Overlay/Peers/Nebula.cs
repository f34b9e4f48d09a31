using System.Globalization;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>nebula with AES, as its documentation advises for throughput, and large socket buffers.</summary>
internal sealed class Nebula : ITunnel
{
    private const string Package = "nebula";
    private readonly List<LabProcess> _processes = [];
    private string? _version;

    public string Name => $"{Package} {_version}";

    public string Address => "10.82.0.2";

    public async Task StartAsync(TunnelLab lab, TunnelPorts ports, CancellationToken cancellationToken)
    {
        PeerPackages packages = await PeerSuites.UnstableAsync(cancellationToken);
        _version = packages.VersionOf(Package);
        string folder = Path.Combine(lab.Folder, Package);
        Directory.CreateDirectory(folder);
        await CertificateAsync(packages, lab.Left, ["ca", "-name", "bench", "-out-crt", $"{folder}/ca.crt", "-out-key", $"{folder}/ca.key"], cancellationToken);
        foreach ((LabNode node, char letter) in lab.Ends)
        {
            (int self, int other) = letter == 'a' ? (1, 2) : (2, 1);
            await CertificateAsync(
                packages, node,
                ["sign", "-ca-crt", $"{folder}/ca.crt", "-ca-key", $"{folder}/ca.key", "-name", $"end-{letter}", "-ip", $"10.82.0.{self}/24", "-out-crt", $"{folder}/{letter}.crt", "-out-key", $"{folder}/{letter}.key"],
                cancellationToken);
            string file = $"{folder}/{letter}.yml";
            await File.WriteAllTextAsync(file, Configuration(folder, letter, other, ports.Listen), cancellationToken);
            (string program, string[] arguments) = packages.Command("usr/bin/nebula", "-config", file);
            _processes.Add(TunnelLab.Start(node, program, arguments));
        }

        await lab.UntilReachableAsync(Address, TimeSpan.FromSeconds(15), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LabProcess process in _processes)
        {
            await process.DisposeAsync();
        }
    }

    private static string Configuration(string folder, char letter, int other, int port) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        pki: {ca: {{folder}}/ca.crt, cert: {{folder}}/{{letter}}.crt, key: {{folder}}/{{letter}}.key}
        static_host_map: {"10.82.0.{{other}}": ["10.77.0.{{other}}:{{port}}"]}
        lighthouse: {am_lighthouse: false, hosts: []}
        listen: {host: 0.0.0.0, port: {{port}}, batch: 64, read_buffer: 10485760, write_buffer: 10485760}
        tun: {disabled: false, dev: neb-bench, mtu: 1420, tx_queue: 1000}
        cipher: aes
        punchy: {punch: false}
        logging: {level: warning, format: text}
        firewall: {outbound: [{port: any, proto: any, host: any}], inbound: [{port: any, proto: any, host: any}]}

        """);

    private static async Task CertificateAsync(PeerPackages packages, LabNode node, string[] arguments, CancellationToken cancellationToken)
    {
        (string program, string[] words) = packages.Command("usr/bin/nebula-cert", arguments);
        (await node.ExecAsync(program, words, cancellationToken: cancellationToken)).EnsureSucceeded();
    }
}
