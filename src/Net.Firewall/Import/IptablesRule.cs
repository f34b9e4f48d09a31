using System.Collections.Immutable;
using System.Globalization;

namespace Net.Firewall;

/// <summary>Reads one rule of iptables-save.</summary>
/// <param name="family">The IP version of the text.</param>
/// <param name="table">The table the rule is in.</param>
internal sealed class IptablesRule(RuleAddressFamily family, string table)
{
    private readonly List<TcpFlagMatch> _notFlags = [];
    private ImportMatch _match = ImportMatch.Any with { Family = family };
    private RuleEffects? _effects;
    private string? _problem;
    private bool _isRateAbove;
    private RateLimit? _rate;
    private long? _burst;
    private int? _connections;
    private bool _connectionsAbove;
    private bool _connectionsPerSource = true;

    /// <summary>Reads the options behind "-A CHAIN".</summary>
    /// <param name="options">The options.</param>
    /// <param name="line">The line.</param>
    /// <param name="text">Its text.</param>
    /// <param name="defaultName">The name without a comment.</param>
    /// <param name="problem">Why it cannot be expressed; null when it can.</param>
    public ImportStatement Read(IptablesOptions options, int line, string text, string defaultName, out string? problem)
    {
        string? comment = null;
        var statement = new ImportStatement(line, text, defaultName);
        while (!options.IsAtEnd && _problem is null)
        {
            bool isNegated = options.TryTake("!");
            string option = options.Take();
            switch (option)
            {
                case "--comment":
                    comment = options.Take();
                    break;
                case "-j" or "--jump":
                    statement = ReadTarget(options.Take(), options, statement);
                    break;
                case "-g" or "--goto":
                    statement = statement with { Target = ImportTarget.Goto, Chain = options.Take() };
                    break;
                default:
                    ReadMatch(option, isNegated, options);
                    break;
            }
        }

        Finish();
        problem = _problem;
        return statement with { Name = ImportBuilder.NameFrom(comment, defaultName), Matches = Alternatives(), Effects = _effects };
    }

    private ImmutableArray<ImportMatch> Alternatives()
    {
        // Flags that must not be as given become alternatives that exclude each other.
        List<ImportMatch> matches = [_match];
        foreach (TcpFlagMatch not in _notFlags)
        {
            matches = [.. matches.SelectMany(match => ImportValues.Without(not).Select(flags => match.And(ImportMatch.Any with { TcpFlags = flags }, out _)).OfType<ImportMatch>())];
        }

        return [.. matches];
    }

    private void Finish()
    {
        if (_rate is not null)
        {
            And(ImportMatch.Any with { Rate = _rate with { Above = _isRateAbove, Burst = _burst } });
        }

        if (_connections is int count)
        {
            And(ImportMatch.Any with { Connections = new ConnectionLimit(Math.Max(1, count), _connectionsPerSource, _connectionsAbove) });
        }
    }

    private void ReadMatch(string option, bool isNegated, IptablesOptions options)
    {
        switch (option)
        {
            case "-m" or "--match":
                CheckModule(options.Take());
                break;
            case "-p" or "--protocol":
                ReadProtocol(options.Value(ref isNegated), isNegated);
                break;
            case "-s" or "--source" or "--src" or "-d" or "--destination" or "--dst" or "--src-range" or "--dst-range":
                ReadAddresses(option, options.Value(ref isNegated), isNegated);
                break;
            case "-i" or "--in-interface" or "-o" or "--out-interface":
                ReadInterface(option[1] is 'i' || option == "--in-interface", options.Value(ref isNegated), isNegated);
                break;
            case "--sport" or "--source-port" or "--dport" or "--destination-port" or "--sports" or "--source-ports" or "--dports" or "--destination-ports":
                ReadPorts(option.StartsWith("--s", StringComparison.Ordinal), options.Value(ref isNegated), isNegated);
                break;
            case "--state" or "--ctstate":
                ReadStates(options.Value(ref isNegated), isNegated);
                break;
            case "--syn":
                ReadFlags(new TcpFlagMatch(0x17, 0x02), isNegated);
                break;
            case "--tcp-flags":
                string mask = options.Value(ref isNegated);
                ReadFlags(ImportValues.TryFlags(mask, out byte looked) & ImportValues.TryFlags(options.Take(), out byte set) ? new TcpFlagMatch(looked, set) : null, isNegated);
                break;
            case "--icmp-type" or "--icmpv6-type":
                ReadIcmp(options.Value(ref isNegated), option == "--icmpv6-type", isNegated);
                break;
            case "-c" or "--set-counters":
                options.Take();
                options.Take();
                break;
            default:
                ReadRareMatch(option, isNegated, options);
                break;
        }
    }

    private void ReadRareMatch(string option, bool isNegated, IptablesOptions options)
    {
        switch (option)
        {
            case "--limit" or "--hashlimit-upto" or "--hashlimit" or "--hashlimit-above":
                string[] parts = options.Take().Split('/');
                _isRateAbove = (option == "--hashlimit-above") != isNegated;
                _problem = parts.Length == 2 && ImportValues.TryRate(parts[0], parts[1], out _rate) ? null : "the rate cannot be read, or is one of bytes";
                break;
            case "--limit-burst" or "--hashlimit-burst":
                bool isRead = long.TryParse(options.Take(), NumberStyles.None, CultureInfo.InvariantCulture, out long burst) && burst > 0;
                _burst = burst;
                _problem = isRead ? null : "the burst cannot be read";
                break;
            case "--hashlimit-mode":
                _problem = options.Take() == "srcip" && _rate is not null ? null : "only limits for each source address can be expressed";
                _rate = _rate is null ? null : _rate with { PerSource = true };
                break;
            case "--hashlimit-name" or "--hashlimit-htable-size" or "--hashlimit-htable-max" or "--hashlimit-htable-expire" or "--hashlimit-htable-gcinterval":
                options.Take();
                break;
            case "--connlimit-above" or "--connlimit-upto":
                _connectionsAbove = (option == "--connlimit-above") != isNegated;
                _problem = int.TryParse(options.Take(), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? null : "the number of connections cannot be read or is 0";
                _connections = count;
                break;
            case "--connlimit-mask":
                string length = options.Take();
                _connectionsPerSource = length != "0";
                _problem = length is "0" or "32" or "128" ? null : "connections can be counted for each address or for all together, not for each network";
                break;
            case "--connlimit-saddr":
                break;
            case "--mac-source":
                bool isMac = MacAddress.TryParse(options.Value(ref isNegated), out MacAddress mac);
                AndUnless(isNegated || !isMac, ImportMatch.Any with { Macs = [mac] }, "the MAC address cannot be read or is negated");
                break;
            case "--mark":
                ReadMark(options.Value(ref isNegated), isNegated);
                break;
            case "--length":
                bool isLength = ImportValues.TryNumbers(options.Value(ref isNegated), ':', out NumberRange lengths);
                AndUnless(!isLength, ImportMatch.Any with { Lengths = isNegated ? ImportValues.Without([lengths], ushort.MaxValue) : [lengths] }, "the packet length cannot be read");
                break;
            case "--dscp" or "--dscp-class":
                bool isDscp = ImportValues.TryDscp(options.Value(ref isNegated), out byte dscp);
                AndUnless(!isDscp, ImportMatch.Any with { Dscp = isNegated ? ImportValues.WithoutDscp([dscp]) : [dscp] }, "the code point cannot be read");
                break;
            case "--uid-owner" or "--gid-owner":
                bool isOwner = ImportValues.TryNumbers(options.Value(ref isNegated), '-', out NumberRange ids);
                ImmutableArray<NumberRange> asked = isNegated ? ImportValues.Without([ids], uint.MaxValue - 1) : [ids];
                AndUnless(!isOwner, option[2] == 'u' ? ImportMatch.Any with { Users = asked } : ImportMatch.Any with { Groups = asked }, "the user or group is no number");
                break;
            case "--path":
                AndUnless(isNegated, ImportMatch.Any with { Cgroup = options.Value(ref isNegated).Trim('/') }, "a negated control group cannot be expressed");
                break;
            case "--dst-type":
                AndUnless(options.Value(ref isNegated) != "LOCAL" || isNegated, ImportMatch.Any with { IsToThisHost = true }, "only the destination type LOCAL can be expressed, and not negated");
                break;
            default:
                _problem = option == "--ports" ? "a port that may be source or destination cannot be expressed" : $"{Short(option)} cannot be expressed";
                break;
        }
    }

    private void CheckModule(string module)
    {
        if (module is not ("tcp" or "udp" or "sctp" or "icmp" or "icmp6" or "icmpv6" or "state" or "conntrack" or "limit" or "hashlimit" or "comment" or "mac" or "mark" or "multiport"
            or "iprange" or "length" or "dscp" or "owner" or "cgroup" or "connlimit" or "addrtype"))
        {
            _problem = $"match {Short(module)} cannot be expressed";
        }
    }

    private void ReadProtocol(string text, bool isNegated)
    {
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase) || text == "0")
        {
            _problem = isNegated ? "no protocol at all can match" : null;
            return;
        }

        bool isRead = ImportValues.TryProtocol(text, out byte number);
        AndUnless(!isRead || isNegated, ImportMatch.Any with { Protocols = [number] }, isNegated ? "a negated protocol cannot be expressed" : $"protocol {Short(text)} is not known");
    }

    private void ReadAddresses(string option, string text, bool isNegated)
    {
        List<AddressRange> ranges = [];
        foreach (string part in text.Split(','))
        {
            if (!ImportValues.TryAddresses(part, out AddressRange range) || range.Family != family)
            {
                _problem = $"{Short(part)} is no {family} address or prefix";
                return;
            }

            ranges.Add(range);
        }

        ImmutableArray<AddressRange> asked = isNegated ? ImportValues.Without([.. ranges], family) : [.. ranges];
        AndUnless(asked.IsEmpty, option[1] == 's' || option.StartsWith("--s", StringComparison.Ordinal) ? ImportMatch.Any with { Sources = asked } : ImportMatch.Any with { Destinations = asked }, "no address at all can match");
    }

    private void ReadInterface(bool isInput, string text, bool isNegated)
    {
        // A trailing + is iptables' wildcard.
        string name = text.EndsWith('+') ? text[..^1] + "*" : text;
        if (name == "*" && !isNegated)
        {
            return;
        }

        AndUnless(
            isNegated || InterfaceNames.ProblemWith(name) is not null,
            isInput ? ImportMatch.Any with { Inputs = [name] } : ImportMatch.Any with { Outputs = [name] },
            isNegated ? "every interface but one cannot be expressed" : $"interface name {Short(text)} cannot be matched");
    }

    private void ReadPorts(bool isSource, string text, bool isNegated)
    {
        List<PortRange> ranges = [];
        foreach (string part in text.Split(','))
        {
            if (!ImportValues.TryPorts(part, ':', out PortRange range))
            {
                _problem = $"port {Short(part)} cannot be read";
                return;
            }

            ranges.Add(range);
        }

        ImmutableArray<PortRange> asked = isNegated ? ImportValues.Without([.. ranges]) : [.. ranges];
        AndUnless(asked.IsEmpty, isSource ? ImportMatch.Any with { SourcePorts = asked } : ImportMatch.Any with { DestinationPorts = asked }, "no port at all can match");
    }

    private void ReadStates(string text, bool isNegated)
    {
        ConnectionStates states = ConnectionStates.None;
        foreach (string part in text.Split(','))
        {
            if (!ImportValues.TryState(part, out ConnectionStates state))
            {
                _problem = $"connection state {Short(part)} cannot be expressed";
                return;
            }

            states |= state;
        }

        states = isNegated ? (ConnectionStates)31 & ~states : states;
        AndUnless(states == ConnectionStates.None, ImportMatch.Any with { States = states }, "no connection state at all can match");
    }

    private void ReadFlags(TcpFlagMatch? flags, bool isNegated)
    {
        if (flags is not TcpFlagMatch asked || (asked.Value & ~asked.Mask) != 0)
        {
            _problem = "the TCP flags cannot be read, or can never be";
        }
        else if (isNegated)
        {
            _notFlags.Add(asked);
        }
        else
        {
            And(ImportMatch.Any with { TcpFlags = asked });
        }
    }

    private void ReadIcmp(string text, bool isIPv6, bool isNegated)
    {
        if (text is "any" or "255" && !isNegated)
        {
            return;
        }

        bool isRead = ImportValues.TryIcmp(text, isIPv6, out IcmpTypeMatch type);
        AndUnless(!isRead || isNegated, ImportMatch.Any with { IcmpTypes = [type] }, isNegated ? "a negated ICMP type cannot be expressed" : $"ICMP type {Short(text)} is not known");
    }

    private void ReadMark(string text, bool isNegated)
    {
        string[] parts = text.Split('/');
        uint mask = uint.MaxValue;
        bool isRead = ImportValues.TryNumber(parts[0], out uint value) && (parts.Length == 1 || (parts.Length == 2 && ImportValues.TryNumber(parts[1], out mask))) && (value & ~mask) == 0;
        AndUnless(!isRead || isNegated, ImportMatch.Any with { Mark = new MarkMatch(value, mask) }, isNegated ? "a negated mark cannot be expressed" : "the mark cannot be read");
    }

    private ImportStatement ReadTarget(string target, IptablesOptions options, ImportStatement statement)
    {
        switch (target)
        {
            case "ACCEPT":
                if (table == "mangle")
                {
                    _problem = "ACCEPT ends only the mangle table, which cannot be expressed";
                }

                return statement with { Target = ImportTarget.Accept };
            case "DROP":
                return statement with { Target = ImportTarget.Drop };
            case "RETURN":
                return statement with { Target = ImportTarget.Return };
            case "REJECT":
                return ReadReject(options, statement);
            case "LOG" or "NFLOG":
                ReadLog(options);
                return statement;
            case "MARK" or "DSCP" or "TTL" or "HL" or "TCPMSS":
                ReadChange(target, options);
                return statement;
            case "DNAT" or "SNAT" or "MASQUERADE" or "REDIRECT" or "NETMAP":
                NatRule? nat = IptablesNat.Read(target, options, family, out _problem);
                return statement with { Target = ImportTarget.Nat, Nat = nat };
            default:
                // Targets of the kernel are in capitals; everything else is a chain, and a name nobody defined is told later.
                _problem = target.Length == 0 ? "there is no target" : IptablesNat.IsKnownTarget(target) ? $"target {Short(target)} cannot be expressed" : null;
                return statement with { Target = ImportTarget.Jump, Chain = target };
        }
    }

    private ImportStatement ReadReject(IptablesOptions options, ImportStatement statement)
    {
        string with = options.TryTake("--reject-with") ? options.Take() : "icmp-port-unreachable";
        RejectKind? kind = with switch
        {
            "icmp-port-unreachable" or "icmp6-port-unreachable" or "port-unreach" => RejectKind.PortUnreachable,
            "icmp-host-unreachable" or "icmp6-addr-unreachable" or "addr-unreach" => RejectKind.HostUnreachable,
            "icmp-net-unreachable" or "icmp6-no-route" or "no-route" => RejectKind.NoRoute,
            "icmp-admin-prohibited" or "icmp6-adm-prohibited" or "adm-prohibited" => RejectKind.AdminProhibited,
            "tcp-reset" => RejectKind.TcpReset,
            _ => null,
        };
        _problem = kind is null ? $"reject with {Short(with)} cannot be expressed" : null;
        _effects = (_effects ?? new RuleEffects()) with { RejectWith = kind ?? RejectKind.Default };
        return statement with { Target = ImportTarget.Reject };
    }

    private void ReadLog(IptablesOptions options)
    {
        _effects = (_effects ?? new RuleEffects()) with { Log = true };
        while (options.Peek.StartsWith("--log-", StringComparison.Ordinal) || options.Peek.StartsWith("--nflog-", StringComparison.Ordinal))
        {
            string option = options.Take();
            if (option is not ("--log-tcp-sequence" or "--log-tcp-options" or "--log-ip-options" or "--log-uid" or "--log-macdecode"))
            {
                options.Take();
            }
        }
    }

    private void ReadChange(string target, IptablesOptions options)
    {
        RuleEffects effects = _effects ?? new RuleEffects();
        string option = options.Take();
        string value = option == "--clamp-mss-to-pmtu" ? "" : options.Take();
        switch (target, option)
        {
            case ("MARK", "--set-mark" or "--set-xmark"):
                string[] parts = value.Split('/');
                uint mask = uint.MaxValue;
                bool isMark = ImportValues.TryNumber(parts[0], out uint mark) && (parts.Length == 1 || (parts.Length == 2 && ImportValues.TryNumber(parts[1], out mask)));
                mask = option == "--set-mark" ? mask | mark : mask;
                _problem = isMark && (mark & ~mask) == 0 ? null : "the mark cannot be read, or flips bits";
                _effects = effects with { SetMark = new MarkMatch(mark & mask, mask) };
                break;
            case ("DSCP", "--set-dscp" or "--set-dscp-class"):
                _problem = ImportValues.TryDscp(value, out byte dscp) ? null : "the code point cannot be read";
                _effects = effects with { SetDscp = dscp };
                break;
            case ("TTL", "--ttl-set") or ("HL", "--hl-set"):
                _problem = ImportValues.TryByte(value, out byte ttl) ? null : "the time to live cannot be read";
                _effects = effects with { SetTtl = ttl };
                break;
            case ("TCPMSS", "--clamp-mss-to-pmtu"):
                _effects = effects with { MaxSegmentSize = 0 };
                break;
            case ("TCPMSS", "--set-mss"):
                _problem = ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort size) && size > 0 ? null : "the segment size cannot be read";
                _effects = effects with { MaxSegmentSize = size };
                break;
            default:
                _problem = $"{target} {Short(option)} cannot be expressed";
                break;
        }
    }

    private void AndUnless(bool isWrong, ImportMatch match, string problem)
    {
        if (isWrong)
        {
            _problem = problem;
            return;
        }

        And(match);
    }

    private void And(ImportMatch match)
    {
        ImportMatch? both = _match.And(match, out string? problem);
        _problem ??= both is null ? problem ?? "no packet can match" : null;
        _match = both ?? _match;
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
