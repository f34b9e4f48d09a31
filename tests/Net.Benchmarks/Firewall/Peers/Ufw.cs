using System.Globalization;
using System.Text;

namespace Net.Benchmarks.Firewall;

/// <summary>ufw. Its file of the user's rules is written as ufw itself writes it; adding 10,000 by its command would take hours.</summary>
internal sealed class Ufw : IFirewallPeer
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);
    private PeerSystem? _system;

    public string Name => "ufw";

    public bool HasLists => false;

    private PeerSystem System => _system ?? throw new InvalidOperationException("it is not prepared");

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _system = await PeerSystem.UnpackAsync("ufw", [], cancellationToken);
        await System.RunAsync(
            "cp /usr/share/ufw/iptables/*.rules /etc/ufw/; cp -n /usr/share/ufw/ufw.conf /etc/ufw/; sed -i 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf && ufw --force enable", s_start, cancellationToken);
    }

    public async Task<TimeSpan> ApplyAsync(int rules, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        for (int index = 0; index < rules; index++)
        {
            (string address, int port) = Rulesets.Permission(index);
            text.Append(CultureInfo.InvariantCulture, $"\n### tuple ### allow tcp {port} 0.0.0.0/0 any {address} in\n-A ufw-user-input -p tcp --dport {port} -s {address} -j ACCEPT\n");
        }

        await System.WriteAsync("tuples", text.ToString(), cancellationToken);
        await System.RunAsync("cp /usr/share/ufw/iptables/user.rules /etc/ufw/user.rules && sed -i '/### RULES ###/r /bench/tuples' /etc/ufw/user.rules", s_start, cancellationToken);
        TimeSpan took = await System.RunAsync("ufw reload", s_longest, cancellationToken);
        await System.RunAsync(string.Create(CultureInfo.InvariantCulture, $"[ $(iptables-save | sed -n '/-A ufw-user-input/p' | wc -l) -ge {rules} ]"), s_start, cancellationToken);
        return took;
    }

    public Task<TimeSpan> AddRuleAsync(int number, CancellationToken cancellationToken) =>
        System.RunAsync(string.Create(CultureInfo.InvariantCulture, $"ufw allow proto tcp from 10.1.2.3 to any port {60_000 + number}"), s_longest, cancellationToken);

    public Task<TimeSpan> ApplyListAsync(int prefixes, CancellationToken cancellationToken) => throw new NotSupportedException("ufw has no lists of addresses");

    public string Describe(bool isList) => $"ufw {_system?.Version}: rules written into its user.rules beforehand, then ufw reload; one by ufw allow";

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }
    }
}
