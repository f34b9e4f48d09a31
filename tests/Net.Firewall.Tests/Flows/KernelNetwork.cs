using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Net.Platform.Linux;
using Net.Testing;

namespace Net.Firewall.Tests.Flows;

/// <summary>
/// Two namespaces with three cables between them: one holds the rules, the other sends to it and through it. A table of the test's own, behind ours on the same hooks, writes
/// down each packet that gets that far and then drops it, so that nothing answers and no connection comes to be; before ours it gives packets their mark, takes some out of
/// connection tracking, and drops what the kernel itself sends, such as resets.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelNetwork : IDisposable
{
    /// <summary>Numbers from here on belong to packets that go all the way, to make connections.</summary>
    public const ushort FirstThrough = 60_000;

    private static readonly string[] s_links = ["in0", "in1", "wan0"];
    private static int s_count;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"fwf-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
    private readonly NetworkNamespace _inside;
    private readonly NetworkNamespace _outside;
    private readonly Dictionary<string, PacketTap> _taps = [];
    private Socket? _rawV4;
    private Socket? _rawV6;

    public KernelNetwork()
    {
        _inside = NetworkNamespace.Create(_name);
        try
        {
            _outside = NetworkNamespace.Create(_name + "o");
            Build();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs something in the namespace with the rules.</summary>
    public T Inside<T>(Func<T> work) => _inside.Run(work);

    /// <summary>Opens the sockets packets of the host itself go out by; they belong to the control group the process is in now.</summary>
    public void OpenSockets()
    {
        _rawV4?.Dispose();
        _rawV6?.Dispose();
        (_rawV4, _rawV6) = _inside.Run(static () => (new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw), new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.Raw)));
    }

    /// <summary>Loads rules, and what packets of the next batch get before them: marks, and freedom from connection tracking.</summary>
    public void Load(NftTransaction rules, IReadOnlyList<FlowPacket> packets)
    {
        var text = new StringBuilder(rules.ToString());
        text.Append("flush set inet probe seen4\nflush set inet probe seen6\nflush set inet probe mss4\nflush set inet probe mss6\nflush set inet probe to4\nflush set inet probe to6\nflush set inet probe from4\nflush set inet probe from6\nflush set inet probe errors4\nflush set inet probe errors6\nflush set inet probe resets\nflush map inet probe marks4\nflush map inet probe marks6\n");
        text.Append("flush set inet probe untracked4\nflush set inet probe untracked6\nreset counter inet probe got\n");
        foreach (bool isIPv6 in (ReadOnlySpan<bool>)[false, true])
        {
            int version = isIPv6 ? 6 : 4;
            string marks = string.Join(", ", packets.Index().Where(item => item.Item.IsIPv6 == isIPv6).Select(item => $"{item.Index + 1} : {item.Item.Mark}"));
            string untracked = string.Join(", ", packets.Index().Where(item => item.Item.IsIPv6 == isIPv6 && item.Item.State == ConnectionStates.Untracked).Select(item => $"{item.Index + 1}"));
            text.Append(marks.Length > 0 ? $"add element inet probe marks{version} {{ {marks} }}\n" : "");
            text.Append(untracked.Length > 0 ? $"add element inet probe untracked{version} {{ {untracked} }}\n" : "");
        }

        Nft(text.ToString(), "-f", "-");
    }

    /// <summary>Sends packets one after the other, the first with number 1, and waits until all have come to the rules.</summary>
    /// <param name="packets">The packets.</param>
    /// <param name="inner">Packets that errors tell of, by the number of the error.</param>
    public void Send(IReadOnlyList<FlowPacket> packets, IReadOnlyDictionary<int, byte[]>? inner = null)
    {
        for (int i = 0; i < packets.Count; i++)
        {
            SendOne(packets[i], (ushort)(i + 1), inner?.GetValueOrDefault(i + 1));
        }

        for (int tries = 0; Counters("probe")["got"].Packets != (ulong)packets.Count; tries++)
        {
            Assert.True(tries < 50, $"{Counters("probe")["got"].Packets} of {packets.Count} packets came to the rules");
        }
    }

    /// <summary>Sends one packet: by a cable, or out of the host itself.</summary>
    public void SendOne(in FlowPacket packet, ushort number, byte[]? inner = null)
    {
        if (packet.Direction == RuleDirection.Outbound)
        {
            byte[] bytes = KernelPackets.Ip(packet, number, inner);
            try
            {
                (packet.IsIPv6 ? _rawV6! : _rawV4!).SendTo(bytes, new IPEndPoint(packet.DestinationAddress, 0));
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
            {
                // A packet that is dropped on its way out comes back as an error of the call.
            }

            return;
        }

        _taps[packet.InputInterface!].Send(KernelPackets.Frame(packet, number, MacOf(packet.InputInterface!), inner));
    }

    /// <summary>What packets looked like that got through our rules, by their number.</summary>
    public Dictionary<int, KernelSighting> Seen()
    {
        Dictionary<int, KernelSighting> seen = [];
        foreach (uint[] values in Elements("seen4"))
        {
            seen.Add((int)values[0], new KernelSighting(values[1], (byte)(values[2] >> 2), (byte)values[3]));
        }

        foreach (uint[] values in Elements("seen6"))
        {
            seen.Add((int)values[0], new KernelSighting(values[1], (byte)((values[2] >> 6) & 0x3f), (byte)values[3]));
        }

        return seen;
    }

    /// <summary>The segment sizes that TCP packets offered behind our rules, by their number.</summary>
    public Dictionary<int, int> SegmentSizes() =>
        Elements("mss4").Concat(Elements("mss6")).ToDictionary(values => (int)values[0], values => (int)values[1]);

    /// <summary>The destinations of packets behind NAT, by their number.</summary>
    public Dictionary<int, (UInt128 Address, ushort Port)> Destinations() =>
        Texts("to4").Concat(Texts("to6")).ToDictionary(values => (int)Number(values[0]), values => (new AddressRange(IPAddress.Parse(values[1])).First, (ushort)Number(values[2])));

    /// <summary>The sources of packets behind NAT that go all the way, by their number.</summary>
    public Dictionary<int, (UInt128 Address, ushort Port)> Sources() =>
        Texts("from4").Concat(Texts("from6")).ToDictionary(values => (int)Number(values[0]), values => (new AddressRange(IPAddress.Parse(values[1])).First, (ushort)Number(values[2])));

    /// <summary>What the kernel answered to refused packets, by their number.</summary>
    /// <param name="packets">How many were sent. What has a higher number answered to none of them, such as a reset of a connection that was opened before.</param>
    public Dictionary<int, FlowAnswer> Answers(int packets)
    {
        Dictionary<int, FlowAnswer> answers = [];
        foreach (uint[] values in Elements("errors4").Concat(Elements("errors6")).Where(values => values[0] <= packets))
        {
            answers.Add((int)values[0], new FlowAnswer(false, (byte)values[1]));
        }

        foreach (uint[] values in Elements("resets").Where(values => Math.Max(values[0], values[1]) <= packets))
        {
            // It repeats the number the packet acknowledged, or acknowledges what the packet had; the other of the two is zero (RFC 9293 section 3.10.7.1).
            answers.Add((int)Math.Max(values[0], values[1]), new FlowAnswer(true, 0));
        }

        return answers;
    }

    /// <summary>Packets of each counter of a table.</summary>
    public Dictionary<string, RuleCounter> Counters(string table)
    {
        using JsonDocument counters = JsonDocument.Parse(Nft(null, "-j", "list", "counters", "table", "inet", table));
        return counters.RootElement.GetProperty("nftables").EnumerateArray()
            .Where(item => item.TryGetProperty("counter", out _))
            .Select(item => item.GetProperty("counter"))
            .ToDictionary(
                counter => counter.GetProperty("name").GetString()!,
                counter => new RuleCounter(counter.GetProperty("packets").GetUInt64(), counter.GetProperty("bytes").GetUInt64()));
    }

    public string Nft(string? input, params ReadOnlySpan<string> arguments) => Execute("nsenter", input, [$"--net=/run/netns/{_name}", "nft", .. arguments]);

    public void Dispose()
    {
        _rawV4?.Dispose();
        _rawV6?.Dispose();
        foreach (PacketTap tap in _taps.Values)
        {
            tap.Dispose();
        }

        _outside?.Dispose();
        _inside.Dispose();
        NetworkNamespace.Delete(_name + "o");
        NetworkNamespace.Delete(_name);
    }

    private static MacAddress MacOf(string link) => new(0x02005e200000 + (ulong)Array.IndexOf(s_links, link));

    private static string Execute(string program, string? input, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        string failure = error.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', start.ArgumentList)}: {failure[..Math.Min(failure.Length, 2000)]}");
        return output.GetAwaiter().GetResult();
    }

    private static uint Number(string text) => text.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToUInt32(text, 16) : uint.Parse(text, CultureInfo.InvariantCulture);

    private IEnumerable<uint[]> Elements(string set) => Texts(set).Select(values => values.Select(Number).ToArray());

    private List<string[]> Texts(string set)
    {
        using JsonDocument listed = JsonDocument.Parse(Nft(null, "-j", "-n", "list", "set", "inet", "probe", set));
        JsonElement found = listed.RootElement.GetProperty("nftables").EnumerateArray().Single(item => item.TryGetProperty("set", out _)).GetProperty("set");
        return found.TryGetProperty("elem", out JsonElement elements)
            ? [.. elements.EnumerateArray().Select(element => element.GetProperty("concat").EnumerateArray().Select(value => value.ToString()).ToArray())]
            : [];
    }

    private void Build()
    {
        var links = new StringBuilder();
        foreach (string link in s_links)
        {
            links.Append(CultureInfo.InvariantCulture, $"link add {link} address {MacOf(link)} type veth peer name {link} netns {_name}o\n");
        }

        Execute("ip", links.ToString(), "-n", _name, "-batch", "-");
        _inside.Run(() =>
        {
            Set("ipv4/ip_forward", "1");
            Set("ipv6/conf/all/forwarding", "1");
            Set("netfilter/nf_conntrack_checksum", "0");
            Set("netfilter/nf_conntrack_tcp_be_liberal", "1");

            // Every refusal is to be answered.
            Set("ipv4/icmp_ratelimit", "0");
            Set("ipv4/icmp_ratemask", "0");
            Set("ipv6/icmp/ratelimit", "0");
            Set("ipv6/icmp/ratemask", "255");
            foreach (string link in s_links.Append("all"))
            {
                Set($"ipv4/conf/{link}/rp_filter", "0");
                Set($"ipv4/conf/{link}/send_redirects", "0");
                Set($"ipv6/conf/{link}/accept_dad", "0");
                Set($"ipv6/conf/{link}/accept_ra", "0");
            }
        });
        _outside.Run(() => Set("ipv6/conf/all/disable_ipv6", "1"));
        var inside = new StringBuilder();
        foreach (string link in s_links)
        {
            inside.Append(CultureInfo.InvariantCulture, $"link set {link} up\naddress add {RandomFlows.LinkAddress(link, isIPv6: false)}/32 dev {link}\naddress add {RandomFlows.LinkAddress(link, isIPv6: true)}/128 dev {link}\n");
        }

        foreach (IPAddress address in RandomFlows.Local)
        {
            inside.Append(CultureInfo.InvariantCulture, $"address add {address}/{(address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)} dev lo\n");
        }

        foreach ((string prefix, string? link) in RandomFlows.Networks)
        {
            inside.Append(link is null ? "" : $"route add {prefix} dev {link}\n");
        }

        foreach (string link in s_links)
        {
            Execute("ip", null, "-n", _name + "o", "link", "set", link, "up");
        }

        Execute("ip", inside.ToString(), "-n", _name, "-batch", "-");
        Nft(Probe, "-f", "-");
        foreach (string link in s_links)
        {
            _taps.Add(link, _outside.Run(() => new PacketTap(IndexOf(link))));
        }

        OpenSockets();

        static void Set(string name, string value) => File.WriteAllText($"/proc/sys/net/{name}", value);

        static int IndexOf(string link) => System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().Single(one => one.Name == link).GetIPProperties() is { } properties
            ? properties.GetIPv4Properties().Index
            : 0;
    }

    private const string Probe = """
        table inet probe {
          set seen4 { typeof @nh,32,16 . meta mark . @nh,8,8 . @nh,64,8; size 65535; flags dynamic; }
          set seen6 { typeof @nh,16,16 . meta mark . @nh,0,16 . @nh,56,8; size 65535; flags dynamic; }
          set mss4 { typeof @nh,32,16 . tcp option maxseg size; size 65535; flags dynamic; }
          set mss6 { typeof @nh,16,16 . tcp option maxseg size; size 65535; flags dynamic; }
          set to4 { typeof @nh,32,16 . ip daddr . th dport; size 65535; flags dynamic; }
          set to6 { typeof @nh,16,16 . ip6 daddr . th dport; size 65535; flags dynamic; }
          set from4 { typeof @nh,32,16 . ip saddr . th sport; size 65535; flags dynamic; }
          set from6 { typeof @nh,16,16 . ip6 saddr . th sport; size 65535; flags dynamic; }
          set errors4 { typeof @th,96,16 . @th,8,8; size 65535; flags dynamic; }
          set errors6 { typeof @th,80,16 . @th,8,8; size 65535; flags dynamic; }
          set resets { typeof @th,32,16 . @th,64,16; size 65535; flags dynamic; }
          map marks4 { typeof @nh,32,16 : meta mark; size 65535; }
          map marks6 { typeof @nh,16,16 : meta mark; size 65535; }
          set untracked4 { typeof @nh,32,16; size 65535; }
          set untracked6 { typeof @nh,16,16; size 65535; }
          counter got { }
          chain before {
            meta nfproto ipv4 @nh,32,16 >= 60000 accept
            meta nfproto ipv6 @nh,16,16 >= 60000 accept
            counter name got
            meta nfproto ipv4 @nh,32,16 @untracked4 notrack
            meta nfproto ipv6 @nh,16,16 @untracked6 notrack
            meta nfproto ipv4 meta mark set @nh,32,16 map @marks4
            meta nfproto ipv6 meta mark set @nh,16,16 map @marks6
          }
          chain after {
            meta nfproto ipv4 @nh,32,16 >= 60000 accept
            meta nfproto ipv6 @nh,16,16 >= 60000 accept
            meta nfproto ipv4 update @mss4 { @nh,32,16 . tcp option maxseg size }
            meta nfproto ipv6 update @mss6 { @nh,16,16 . tcp option maxseg size }
            meta nfproto ipv4 update @seen4 { @nh,32,16 . meta mark . @nh,8,8 . @nh,64,8 }
            meta nfproto ipv6 update @seen6 { @nh,16,16 . meta mark . @nh,0,16 . @nh,56,8 }
            drop
          }
          chain nat {
            meta l4proto != { 6, 17 } return
            meta nfproto ipv4 update @to4 { @nh,32,16 . ip daddr . th dport }
            meta nfproto ipv6 update @to6 { @nh,16,16 . ip6 daddr . th dport }
          }
          chain translated { type filter hook prerouting priority -50; ip ttl 77 jump nat; ip6 hoplimit 77 jump nat; }
          chain own_translated { type filter hook output priority 5; jump nat; }
          chain prerouting { type filter hook prerouting priority -310; ip ttl 77 jump before; ip6 hoplimit 77 jump before; }
          chain answered {
            ip protocol icmp icmp type destination-unreachable update @errors4 { @th,96,16 . @th,8,8 }
            meta l4proto ipv6-icmp icmpv6 type destination-unreachable update @errors6 { @th,80,16 . @th,8,8 }
            meta l4proto tcp tcp flags & rst == rst update @resets { @th,32,16 . @th,64,16 }
            drop
          }
          chain sources {
            meta l4proto != { 6, 17 } return
            meta nfproto ipv4 @nh,32,16 >= 60000 update @from4 { @nh,32,16 . ip saddr . th sport }
            meta nfproto ipv6 @nh,16,16 >= 60000 update @from6 { @nh,16,16 . ip6 saddr . th sport }
          }
          chain leaving { type filter hook postrouting priority 110; jump sources; }
          chain own { type filter hook output priority -310; ip ttl != 77 jump answered; ip6 hoplimit != 77 jump answered; jump before; }
          chain input { type filter hook input priority 10; jump after; }
          chain output { type filter hook output priority 10; jump after; }
          chain forward { type filter hook forward priority 10; jump after; }
        }
        """;
}
