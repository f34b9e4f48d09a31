namespace Net.Firewall.Tests;

/// <summary>A client and a server in namespaces of their own with the firewall between them: 10.1.0.2 and fd01::2, 10.2.0.2 and fd02::2; the firewall is .1 and ::1 of both.</summary>
internal sealed class TrafficNetwork : IDisposable
{
    public const string ClientMac = "02:00:00:00:00:02";

    public TrafficNetwork()
    {
        Join(Client, "c0", 1);
        Join(Server, "s0", 2);
        Firewall.Shell("echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
        Firewall.Ip("link set lo up");
    }

    public FirewallNamespace Client { get; } = new();

    public FirewallNamespace Firewall { get; } = new();

    public FirewallNamespace Server { get; } = new();

    /// <summary>Packets of a rule of the firewall.</summary>
    public ulong Count(long rule) => Firewall.Counters()[FirewallTable.Counter(rule)].Packets;

    /// <summary>Counts at the server what arrives there and matches.</summary>
    public void Expect(string counter, string match) =>
        Server.Run($"table inet seen {{ counter {counter} {{ }}\nchain {counter} {{ type filter hook input priority 0; {match} counter name \"{counter}\"\n}}\n}}\n", "-f", "-");

    /// <summary>What arrived at the server of it; waits for the first packet, which may wait for its neighbour's address itself.</summary>
    public ulong Arrived(string counter)
    {
        ulong packets = 0;
        for (int i = 0; i < 40 && packets == 0; i++)
        {
            packets = Server.Counters()[counter].Packets;
        }

        return packets;
    }

    public void Dispose()
    {
        Client.Dispose();
        Firewall.Dispose();
        Server.Dispose();
    }

    private void Join(FirewallNamespace side, string name, int number)
    {
        Firewall.Ip($"link add {name} type veth peer name {name} netns {side.Name}");
        side.Ip($"link set {name} address 02:00:00:00:00:0{number + 1}");
        side.Ip($"address add 10.{number}.0.2/24 dev {name}");
        side.Ip($"address add fd0{number}::2/64 dev {name} nodad");
        Firewall.Ip($"address add 10.{number}.0.1/24 dev {name}");
        Firewall.Ip($"address add fd0{number}::1/64 dev {name} nodad");
        Firewall.Ip($"link set {name} up");
        side.Ip($"link set {name} up");
        side.Ip("link set lo up");
        side.Ip($"route add default via 10.{number}.0.1");
        side.Ip($"-6 route add default via fd0{number}::1");
    }
}
