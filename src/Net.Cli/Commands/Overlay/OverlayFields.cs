using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The options that stand for the members of an overlay.</summary>
internal sealed class OverlayFields
{
    private readonly Option<string?> _identity = Options.OfText("--identity", "NAME", "The identity it takes part with (default 'default').");
    private readonly Option<string?> _interface = Options.OfText("--interface", "NAME", "The TUN device's name (default nm- and the overlay's name).");
    private readonly Option<long?> _listenPort = Options.OfNumber("--listen-port", "PORT", "The UDP port (default 47900); 0 lets the kernel choose.", 0, ushort.MaxValue);
    private readonly Option<string?> _listenAddress = Options.OfText("--listen-address", "ADDRESS", "The local address to listen at (default all).");
    private readonly Option<string?> _networkKey = Options.OfText("--network-key", "KEY", "The public key of the network whose certificates are trusted.");
    private readonly Option<string?> _certificate = Options.OfText("--certificate", "TEXT", "This node's membership certificate.");
    private readonly Option<OnOff?> _firstUse = OverlayArguments.OfSwitch("--trust-on-first-use", "Keep an unknown key at its first connection (default off).");
    private readonly Option<string[]?> _address = Options.OfList("--address", "ADDRESSES", "This node's overlay addresses (default: of the certificate, else derived).");
    private readonly Option<AddressRange[]?> _prefix = Options.OfList("--prefix", "PREFIX", "The prefix IPv4 addresses are derived in (default 100.64.0.0/10).", AddressRange.Parse);
    private readonly Option<long?> _mtu = Options.OfNumber("--mtu", "BYTES", "The TUN device's MTU (default 1420).", 1280, 9000);
    private readonly Option<OverlayTopology?> _topology = Options.OfChoice<OverlayTopology>("--topology", "Who connects to whom (default full-mesh).");
    private readonly Option<string[]?> _hub = Options.OfList("--hub", "NAMES", "The hubs, where the topology has hubs.");
    private readonly Option<CongestionControl?> _congestion = Options.OfChoice<CongestionControl>("--congestion-control", "How the sending rate follows the path (default automatic).");
    private readonly Option<OnOff?> _datagrams = OverlayArguments.OfSwitch("--datagrams", "Carry packets in DATAGRAM frames (default on), else in a stream.");
    private readonly Option<TimeSpan?> _keepAlive = Options.OfDuration("--keep-alive", "Time without a packet after which a session is kept alive (default 20s).");
    private readonly Option<TimeSpan?> _busyPoll = Options.OfDuration("--busy-poll", "Time after a packet in which the worker looks for the next one before it sleeps, for short round trips; 0s is off (default).");
    private readonly Option<long?> _shards = Options.OfNumber("--shards", "NUMBER", "Threads of the worker that share the peers among them, no more than the host has cores (default 1).", 1, 64);
    private readonly Option<TimeSpan?> _idleClose = Options.OfDuration("--idle-close", "Time without traffic after which a session is closed; 0s keeps it (default).");
    private readonly Option<OnOff?> _acceptRoutes = OverlayArguments.OfSwitch("--accept-routes", "Use prefixes that peers advertise, and may (default off).");
    private readonly Option<string?> _exitNode = Options.OfText("--exit-node", "PEER", "The peer all other traffic of this host leaves by; '' for none.");
    private readonly Option<OnOff?> _killSwitch = OverlayArguments.OfSwitch("--kill-switch", "Drop traffic while the exit node cannot be reached (default on).");
    private readonly Option<OnOff?> _names = OverlayArguments.OfSwitch("--name-service", "Answer names of peers (default on).");
    private readonly Option<OnOff?> _resolver = OverlayArguments.OfSwitch("--use-host-resolver", "Tell the host's resolver to ask the overlay for the overlay's names (default off).");
    private readonly Option<OverlayGroup[]?> _group = new("--group")
    {
        Description = "A set of peers, NAME=PEER,PEER. Repeat it; all sets are replaced, '' leaves none.",
        HelpName = "NAME=PEERS",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => ReadGroups(result),
    };

    private readonly Option<OverlayPolicyTest[]?> _policyTest = new("--policy-test")
    {
        Description = "An expectation, FROM:TO:PROTOCOL[/PORT]:allow|deny. Repeat it; all are replaced, '' leaves none.",
        HelpName = "TEST",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => ReadTests(result),
    };

    private readonly Option<OnOff?> _audit = OverlayArguments.OfSwitch("--audit", "Write audit records (default on).");
    private readonly Option<OnOff?> _auditConnections = OverlayArguments.OfSwitch("--audit-connections", "Record allowed connections when they end (default on).");
    private readonly Option<long?> _auditBytes = Options.OfNumber("--audit-file-bytes", "BYTES", "The size an audit file is rotated at (default 16777216).", 64 << 10, 1 << 30);
    private readonly Option<long?> _auditFiles = Options.OfNumber("--audit-files", "NUMBER", "How many rotated audit files are kept (default 5).", 1, 100);

    /// <summary>Adds the options to a command.</summary>
    public static OverlayFields AddTo(Command command)
    {
        var fields = new OverlayFields();
        Option[] all =
        [
            fields._identity, fields._interface, fields._listenPort, fields._listenAddress, fields._networkKey, fields._certificate, fields._firstUse,
            fields._address, fields._prefix, fields._mtu, fields._topology, fields._hub, fields._congestion, fields._datagrams, fields._keepAlive,
            fields._busyPoll, fields._shards, fields._idleClose, fields._acceptRoutes, fields._exitNode, fields._killSwitch, fields._names, fields._resolver, fields._group,
            fields._policyTest, fields._audit, fields._auditConnections, fields._auditBytes, fields._auditFiles,
        ];
        foreach (Option option in all)
        {
            command.Add(option);
        }

        return fields;
    }

    /// <summary>The overlay with what the command line changes of it; an empty list or text takes a value away. What is so now is left out.</summary>
    public Overlay Apply(CliCall call, Overlay overlay) => Document(overlay) with
    {
        Identity = call.Changed(_identity, overlay.Identity) ?? "default",
        InterfaceAlias = call.Changed(_interface, overlay.InterfaceAlias),
        ListenPort = (int?)call.Get(_listenPort) ?? overlay.ListenPort,
        ListenAddress = call.Changed(_listenAddress, overlay.ListenAddress),
        NetworkKey = call.Changed(_networkKey, overlay.NetworkKey),
        Certificate = call.Changed(_certificate, overlay.Certificate),
        TrustOnFirstUse = call.IsOn(_firstUse) ?? overlay.TrustOnFirstUse,
        Addresses = call.Changed(_address, overlay.Addresses),
        Prefix = call.Get(_prefix) is [.., var prefix] ? prefix : overlay.Prefix,
        MtuBytes = (int?)call.Get(_mtu) ?? overlay.MtuBytes,
        Topology = call.Get(_topology) ?? overlay.Topology,
        Hubs = call.Changed(_hub, overlay.Hubs),
        CongestionControl = call.Get(_congestion) ?? overlay.CongestionControl,
        Datagrams = call.IsOn(_datagrams) ?? overlay.Datagrams,
        KeepAlive = call.Get(_keepAlive) ?? overlay.KeepAlive,
        BusyPoll = call.Get(_busyPoll) ?? overlay.BusyPoll,
        Shards = (int?)call.Get(_shards) ?? overlay.Shards,
        IdleClose = call.Get(_idleClose) is { } idle ? (idle == TimeSpan.Zero ? null : idle) : overlay.IdleClose,
        AcceptRoutes = call.IsOn(_acceptRoutes) ?? overlay.AcceptRoutes,
        ExitNode = call.Changed(_exitNode, overlay.ExitNode),
        KillSwitch = call.IsOn(_killSwitch) ?? overlay.KillSwitch,
        NameService = call.IsOn(_names) ?? overlay.NameService,
        UseHostResolver = call.IsOn(_resolver) ?? overlay.UseHostResolver,
        Groups = call.Changed(_group, overlay.Groups),
        PolicyTests = call.Changed(_policyTest, overlay.PolicyTests),
        Audit = overlay.Audit with
        {
            Enabled = call.IsOn(_audit) ?? overlay.Audit.Enabled,
            Connections = call.IsOn(_auditConnections) ?? overlay.Audit.Connections,
            MaxFileBytes = call.Get(_auditBytes) ?? overlay.Audit.MaxFileBytes,
            MaxFiles = (int?)call.Get(_auditFiles) ?? overlay.Audit.MaxFiles,
        },
    };

    /// <summary>The overlay as a document has it, without what is so now.</summary>
    public static Overlay Document(Overlay overlay) => overlay with
    {
        State = null,
        StateReason = null,
        NodeId = null,
        PublicKey = null,
        ActiveAddresses = null,
        ListenEndpoint = null,
        ResolverAddress = null,
        ConnectedPeers = null,
        WorkerProcessId = null,
        WorkerResidentBytes = null,
        WorkerRestarts = null,
        SentBytes = null,
        ReceivedBytes = null,
        Drops = null,
        ActiveShards = null,
    };

    private static OverlayGroup[]? ReadGroups(System.CommandLine.Parsing.ArgumentResult result)
    {
        var groups = new List<OverlayGroup>();
        foreach (string text in result.Tokens.Select(token => token.Value).Where(text => text.Length > 0))
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, var members])
            {
                return Options.Refuse<OverlayGroup[]>(result, $"--group: '{text}' is not a set such as servers=web,db.");
            }

            groups.Add(new OverlayGroup(name, members.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
        }

        return [.. groups];
    }

    // The ends may be IPv6 prefixes or group:NAME, so that colons alone do not separate; the expectation and the traffic are read from the end.
    private static OverlayPolicyTest[]? ReadTests(System.CommandLine.Parsing.ArgumentResult result)
    {
        var tests = new List<OverlayPolicyTest>();
        foreach (string text in result.Tokens.Select(token => token.Value).Where(text => text.Length > 0))
        {
            if (ReadTest(text) is not { } test)
            {
                return Options.Refuse<OverlayPolicyTest[]>(result, $"--policy-test: '{text}' is not a test such as bob:self:tcp/22:allow; an IPv6 address stands in [ ].");
            }

            tests.Add(test);
        }

        return [.. tests];
    }

    private static OverlayPolicyTest? ReadTest(string text)
    {
        List<string> parts = Split(text);
        if (parts is not [{ Length: > 0 } from, { Length: > 0 } to, var traffic, var expect])
        {
            return null;
        }

        string[] words = traffic.Split('/', 2);
        int port = 0;
        return Options.ReadChoice<IpProtocol>(words[0]) is { } protocol && Options.ReadChoice<OverlayAction>(expect) is { } action
            && (words.Length == 1 || (int.TryParse(words[1], out port) && port is >= 0 and <= ushort.MaxValue))
            ? new OverlayPolicyTest(from, to, protocol, words.Length == 1 ? null : port, action)
            : null;
    }

    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        while (text.Length > 0)
        {
            int end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
            end = end is -1 or 0 ? text.Length : end;
            parts.Add(text[..end].Trim('[', ']'));
            text = end < text.Length ? text[(end + 1)..] : string.Empty;
        }

        return parts;
    }
}
