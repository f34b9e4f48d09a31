using System.Globalization;
using System.Text;

namespace Net.Benchmarks.Firewall;

/// <summary>firewalld with its nftables backend, spoken to by firewall-cmd over a D-Bus of its own. Rules are rich rules of one zone.</summary>
internal sealed class Firewalld : IFirewallPeer
{
    // It lets root do everything; the system's own policy would be in the way, and nobody else is on this bus.
    private const string Bus = """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig><type>system</type><listen>unix:path=/run/bus</listen><auth>EXTERNAL</auth><policy context="default">
        <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow send_type="method_call"/><allow send_type="signal"/>
        <allow send_requested_reply="true" send_type="method_return"/><allow send_requested_reply="true" send_type="error"/>
        <allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/><allow receive_type="signal"/>
        </policy></busconfig>
        """;

    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);
    private PeerSystem? _system;

    public string Name => "firewalld";

    public bool HasLists => true;

    private PeerSystem System => _system ?? throw new InvalidOperationException("it is not prepared");

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _system = await PeerSystem.UnpackAsync("firewalld", ["dbus-daemon"], cancellationToken);
        await System.WriteAsync("bus.conf", Bus, cancellationToken);
        await System.RunAsync("export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/bus; dbus-daemon --config-file=/bench/bus.conf --fork", s_start, cancellationToken);
        await System.RunAsync("firewalld --nofork --nopid > /tmp/log 2>&1 & sleep 1; for try in $(seq 60); do firewall-cmd --state && break; sleep 0.3; done; firewall-cmd --state", s_start, cancellationToken);
    }

    public async Task<TimeSpan> ApplyAsync(int rules, CancellationToken cancellationToken)
    {
        StringBuilder zone = new("<zone><short>bench</short><interface name=\"eth9\"/>\n");
        for (int index = 0; index < rules; index++)
        {
            (string address, int port) = Rulesets.Permission(index);
            zone.Append(CultureInfo.InvariantCulture, $"<rule family=\"ipv4\"><source address=\"{address}\"/><port protocol=\"tcp\" port=\"{port}\"/><accept/></rule>\n");
        }

        await WriteZoneAsync(zone.Append("</zone>\n").ToString(), cancellationToken);
        return await ReloadAsync(cancellationToken);
    }

    public Task<TimeSpan> AddRuleAsync(int number, CancellationToken cancellationToken) => System.RunAsync(
        string.Create(CultureInfo.InvariantCulture, $"firewall-cmd --zone=bench --add-rich-rule='rule family=\"ipv4\" source address=\"10.1.2.3\" port port=\"{60_000 + number}\" protocol=\"tcp\" accept'"),
        s_longest, cancellationToken);

    public async Task<TimeSpan> ApplyListAsync(int prefixes, CancellationToken cancellationToken)
    {
        StringBuilder list = new("<ipset type=\"hash:net\"><option name=\"maxelem\" value=\"200000\"/>\n");
        for (int index = 0; index < prefixes; index++)
        {
            list.Append(CultureInfo.InvariantCulture, $"<entry>{Rulesets.Prefix(index)}</entry>\n");
        }

        await System.WriteAsync("bench.list", list.Append("</ipset>\n").ToString(), cancellationToken);
        await System.RunAsync("mkdir -p /etc/firewalld/ipsets && cp /bench/bench.list /etc/firewalld/ipsets/bench.xml", s_start, cancellationToken);
        await WriteZoneAsync("<zone><short>bench</short><interface name=\"eth9\"/><rule><source ipset=\"bench\"/><accept/></rule></zone>\n", cancellationToken);
        return await ReloadAsync(cancellationToken);
    }

    public string Describe(bool isList) => isList
        ? $"firewalld {_system?.Version}: an ipset of its configuration, from firewall-cmd --reload until it answers again"
        : $"firewalld {_system?.Version}: rich rules of a zone's file, from firewall-cmd --reload until it answers again; one by firewall-cmd --add-rich-rule";

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }
    }

    private async Task WriteZoneAsync(string text, CancellationToken cancellationToken)
    {
        await System.WriteAsync("bench.zone", text, cancellationToken);
        await System.RunAsync("mkdir -p /etc/firewalld/zones && cp /bench/bench.zone /etc/firewalld/zones/bench.xml", s_start, cancellationToken);
    }

    // firewall-cmd gives up after 25 s while firewalld goes on; then it is done when it answers, with the zone in force.
    private Task<TimeSpan> ReloadAsync(CancellationToken cancellationToken) =>
        System.RunAsync("firewall-cmd --reload || { until firewall-cmd --state; do :; done; }; [ \"$(firewall-cmd --get-zone-of-interface=eth9)\" = bench ]", s_longest, cancellationToken);
}
