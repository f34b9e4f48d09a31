using System.Globalization;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>wireguard-go, the newest of Debian's unstable suite, with the MTU wg-quick gives it.</summary>
internal sealed class WireGuardGo : ITunnel
{
    private const string Package = "wireguard-go";
    private readonly List<LabProcess> _processes = [];
    private string? _version;

    public string Name => $"{Package} {_version}";

    public string Address => "10.80.0.2";

    public async Task StartAsync(TunnelLab lab, TunnelPorts ports, CancellationToken cancellationToken)
    {
        PeerPackages packages = await PeerSuites.UnstableAsync(cancellationToken);
        _version = packages.VersionOf(Package);
        string port = ports.Listen.ToString(CultureInfo.InvariantCulture);
        Dictionary<char, (string File, string Public)> keys = [];
        foreach ((LabNode node, char letter) in lab.Ends)
        {
            string file = Path.Combine(lab.Folder, $"wg-{port}-{letter}.key");
            string secret = (await WgAsync(packages, node, null, ["genkey"], cancellationToken)).Trim();
            await File.WriteAllTextAsync(file, secret + "\n", cancellationToken);
            keys[letter] = (file, (await WgAsync(packages, node, secret + "\n", ["pubkey"], cancellationToken)).Trim());
        }

        foreach ((LabNode node, char letter) in lab.Ends)
        {
            // The control socket is named after the interface, in a folder that namespaces share.
            string device = $"nw{lab.Tag}{port[^3..]}{letter}";
            (string program, string[] arguments) = packages.Command("usr/bin/wireguard-go", "-f", device);
            _processes.Add(TunnelLab.Start(node, program, arguments));
            bool isLeft = letter == 'a';
            string[] endpoint = isLeft ? ["endpoint", string.Create(CultureInfo.InvariantCulture, $"{TunnelLab.RightAddress}:{ports.Dial}")] : [];
            await UntilThereAsync(node, device, cancellationToken);
            await WgAsync(
                packages, node, null,
                ["set", device, "listen-port", port, "private-key", keys[letter].File, "peer", keys[isLeft ? 'b' : 'a'].Public, "allowed-ips", "0.0.0.0/0", .. endpoint],
                cancellationToken);
            await TunnelLab.IpAsync(node, $"addr add 10.80.0.{(isLeft ? 1 : 2)}/24 dev {device}", cancellationToken);
            await TunnelLab.IpAsync(node, $"link set {device} mtu 1420 up", cancellationToken);
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

    private static async Task<string> WgAsync(PeerPackages packages, LabNode node, string? input, string[] arguments, CancellationToken cancellationToken)
    {
        (string program, string[] words) = packages.Command("usr/bin/wg", arguments);
        return (await node.ExecAsync(program, words, input, cancellationToken: cancellationToken)).EnsureSucceeded().Output;
    }

    private static async Task UntilThereAsync(LabNode node, string device, CancellationToken cancellationToken)
    {
        // The control socket comes last.
        for (int attempt = 0; attempt < 100; attempt++)
        {
            if (File.Exists($"/var/run/wireguard/{device}.sock") && (await node.ExecAsync("ip", ["link", "show", device], cancellationToken: cancellationToken)).Succeeded)
            {
                return;
            }

            await Task.Delay(50, cancellationToken);
        }

        throw new TimeoutException($"{device} was not made within 5 s");
    }
}
