using System.Collections.Immutable;
using System.Globalization;

namespace Net.Firewall;

/// <summary>Reads one rule of a chain in nft's language.</summary>
/// <param name="tokens">The rule.</param>
/// <param name="sets">The named sets and maps of its table.</param>
/// <param name="builder">Where problems go.</param>
internal sealed class NftRuleReader(List<NftToken> tokens, IReadOnlyDictionary<string, NftSetContent> sets, ImportBuilder builder)
{
    private const int MaxAlternatives = 256;
    private readonly NftCursor _cursor = new(tokens);
    private readonly string _text = NftCursor.Text(tokens);
    private readonly int _line = tokens[0].Line;
    private List<ImportMatch> _matches = [ImportMatch.Any];
    private RuleEffects? _effects;
    private string? _problem;
    private string? _comment;
    private ImportStatement? _verdict;
    private List<ImportStatement>? _verdicts;

    /// <summary>The statements the rule makes; one that is Unknown, its problem told, when it cannot be expressed.</summary>
    /// <param name="defaultName">The name without a comment.</param>
    public List<ImportStatement> Read(string defaultName)
    {
        while (!_cursor.IsAtEnd && _problem is null)
        {
            ReadOne();
        }

        string name = ImportBuilder.NameFrom(_comment, defaultName);
        if (_problem is not null)
        {
            builder.Problem(_line, _text, _problem);
            return [new ImportStatement(_line, _text, name) { Target = ImportTarget.Unknown }];
        }

        if (_verdicts is not null)
        {
            return [.. _verdicts.Select(verdict => verdict with { Name = name, Effects = verdict.Effects ?? _effects })];
        }

        ImportStatement statement = _verdict ?? new ImportStatement(_line, _text, name);
        return [statement with { Name = name, Matches = [.. _matches], Effects = _effects }];
    }

    private void ReadOne()
    {
        NftToken token = _cursor.Take();
        switch (token.IsString ? "" : token.Text)
        {
            case "counter":
                ReadCounter();
                break;
            case "comment":
                _comment = _cursor.Take().Text;
                break;
            case "log":
                ReadLog();
                break;
            case "limit":
                ReadLimit();
                break;
            case "accept" or "drop" or "reject" or "return" or "jump" or "goto" or "continue":
                _verdict = ReadVerdict(token.Text);
                break;
            case "masquerade" or "snat" or "dnat" or "redirect":
                NatRule? nat = NftNat.Read(token.Text, _cursor, out _problem);
                _verdict = new ImportStatement(_line, _text, "") { Target = ImportTarget.Nat, Nat = nat };
                break;
            case "fib":
                ReadFib();
                break;
            case "socket":
                ReadCgroup();
                break;
            case "tcp" when _cursor.Peek.Is("flags"):
                _cursor.Take();
                ReadFlags();
                break;
            case "tcp" when _cursor.Peek.Is("option"):
                ReadSegmentSize();
                break;
            case "iifname" or "iif" or "oifname" or "oif" or "mark" or "skuid" or "skgid" or "l4proto" or "nfproto":
                ReadSelector(token.Text);
                break;
            case "ip" or "ip6" or "tcp" or "udp" or "sctp" or "th" or "meta" or "ct" or "icmp" or "icmpv6" or "ether":
                ReadSelector($"{token.Text} {_cursor.Take().Text}");
                break;
            default:
                _problem = $"{Short(token.Text)} cannot be expressed";
                break;
        }
    }

    private void ReadSelector(string selector)
    {
        if (_cursor.Peek.Is("."))
        {
            _problem = "values joined by a dot cannot be expressed";
            return;
        }

        if (_cursor.TryTake("set"))
        {
            ReadChange(selector);
            return;
        }

        if (_cursor.TryTake("vmap"))
        {
            ReadVerdictMap(selector);
            return;
        }

        if (selector is "meta mark" or "mark" && _cursor.TryTake("&"))
        {
            bool isRead = ImportValues.TryNumber(_cursor.Take().Text, out uint mask);
            isRead &= _cursor.TryTake("==");
            isRead &= ImportValues.TryNumber(_cursor.Take().Text, out uint value);
            And(isRead && (value & ~mask) == 0 ? [ImportMatch.Any with { Mark = new MarkMatch(value, mask) }] : null, "the mark cannot be read, or is negated");
            return;
        }

        if (selector == "ct status")
        {
            bool isRead = _cursor.TryTake("!") ? _cursor.TryTake("confirmed") : _cursor.TryTake("&") && _cursor.TryTake("confirmed") && _cursor.TryTake("==") && _cursor.TryTake("0");
            And(isRead ? [ImportMatch.Any with { IsUnconfirmed = true }] : null, "of a connection's status only that it is not confirmed can be expressed");
            return;
        }

        List<string>? values = ReadValues(selector == "ct state", out bool isNegated);
        if (values is not null)
        {
            And(NftSelector.Match(selector, values, isNegated, out string? problem), problem);
        }
    }

    // A value, values in braces, values with commas between them, or a named set.
    private List<string>? ReadValues(bool takesCommas, out bool isNegated)
    {
        isNegated = _cursor.TryTake("!=") || _cursor.TryTake("!");
        if (!isNegated)
        {
            _cursor.TryTake("==");
        }

        if (_cursor.TryTake("{"))
        {
            return ReadElements();
        }

        NftToken token = _cursor.Take();
        if (!token.IsString && token.Text.StartsWith('@'))
        {
            if (!sets.TryGetValue(token.Text[1..], out NftSetContent? set) || set.IsUnusable)
            {
                _problem = $"set {Short(token.Text[1..])} is not known, is filled by rules or has joined values";
                return null;
            }

            return set.Elements;
        }

        if (token.Text.Length == 0 || (!token.IsString && token.Text is "<" or ">" or "<=" or ">=" or "&" or "|" or "^" or "<<" or ">>" or "(" or "," or "}"))
        {
            _problem = "a comparison of this kind cannot be expressed";
            return null;
        }

        List<string> values = [token.Text];
        while (takesCommas && _cursor.TryTake(","))
        {
            values.Add(_cursor.Take().Text);
        }

        return values;
    }

    private List<string>? ReadElements()
    {
        List<string> values = [];
        while (!_cursor.IsAtEnd && !_cursor.TryTake("}"))
        {
            NftToken token = _cursor.Take();
            if (token.Is(","))
            {
                continue;
            }

            values.Add(token.Text);
            if (_cursor.Peek.Is(".") || _cursor.Peek.Is(":"))
            {
                _problem = "joined values and maps of values cannot be expressed";
                return null;
            }
        }

        return values;
    }

    private void ReadVerdictMap(string selector)
    {
        List<(string Key, List<NftToken> Verdict)> entries = [];
        NftToken first = _cursor.Peek;
        if (first.Text.StartsWith('@') && !first.IsString)
        {
            _cursor.Take();
            if (!sets.TryGetValue(first.Text[1..], out NftSetContent? map) || map.IsUnusable)
            {
                _problem = $"map {Short(first.Text[1..])} is not known or has joined values";
                return;
            }

            entries = map.Verdicts;
        }
        else if (!_cursor.TryTake("{") || !TryReadMap(_cursor, entries, static () => { }))
        {
            _problem = "a map of this kind cannot be expressed";
            return;
        }

        List<ImportStatement> statements = [];
        foreach ((string key, List<NftToken> verdict) in entries)
        {
            ImmutableArray<ImportMatch>? matches = NftSelector.Match(selector, [key], false, out _problem);
            if (matches is null || verdict.Count == 0)
            {
                _problem ??= "a map of this kind cannot be expressed";
                return;
            }

            var inner = new NftCursor(verdict);
            string word = inner.Take().Text;
            ImportStatement? statement = word switch
            {
                "accept" => new ImportStatement(_line, _text, "") { Target = ImportTarget.Accept },
                "drop" => new ImportStatement(_line, _text, "") { Target = ImportTarget.Drop },
                "return" => new ImportStatement(_line, _text, "") { Target = ImportTarget.Return },
                "continue" => new ImportStatement(_line, _text, ""),
                "jump" => new ImportStatement(_line, _text, "") { Target = ImportTarget.Jump, Chain = inner.Take().Text },
                "goto" => new ImportStatement(_line, _text, "") { Target = ImportTarget.Goto, Chain = inner.Take().Text },
                _ => null,
            };
            if (statement is null)
            {
                _problem = $"verdict {Short(word)} cannot be expressed";
                return;
            }

            List<ImportMatch> both = Joined(matches.Value);
            if (both.Count > 0 && statement.Target != ImportTarget.Continue)
            {
                statements.Add(statement with { Matches = [.. both] });
            }
        }

        _verdicts = statements;
    }

    /// <summary>Reads "key : verdict, ..." up to the closing brace.</summary>
    /// <param name="cursor">Where from.</param>
    /// <param name="entries">Where to.</param>
    /// <param name="joined">Told of joined keys.</param>
    internal static bool TryReadMap(NftCursor cursor, List<(string Key, List<NftToken> Verdict)> entries, Action joined)
    {
        while (!cursor.IsAtEnd && !cursor.TryTake("}"))
        {
            NftToken key = cursor.Take();
            if (key.Is(",") || key.Is("\n"))
            {
                continue;
            }

            while (!cursor.IsAtEnd && !cursor.Peek.Is(":") && !cursor.Peek.Is(",") && !cursor.Peek.Is("}"))
            {
                // What follows a key besides its verdict: a counter or timeout, or the rest of joined values.
                if (cursor.Take().Is("."))
                {
                    joined();
                    return false;
                }
            }

            List<NftToken> verdict = [];
            if (cursor.TryTake(":"))
            {
                while (!cursor.IsAtEnd && !cursor.Peek.Is(",") && !cursor.Peek.Is("}"))
                {
                    NftToken token = cursor.Take();
                    if (!token.Is("\n"))
                    {
                        verdict.Add(token);
                    }
                }
            }

            entries.Add((key.Text, verdict));
        }

        return true;
    }

    private ImportStatement ReadVerdict(string word)
    {
        var statement = new ImportStatement(_line, _text, "");
        switch (word)
        {
            case "accept":
                return statement with { Target = ImportTarget.Accept };
            case "drop":
                return statement with { Target = ImportTarget.Drop };
            case "return":
                return statement with { Target = ImportTarget.Return };
            case "jump":
                return statement with { Target = ImportTarget.Jump, Chain = _cursor.Take().Text };
            case "goto":
                return statement with { Target = ImportTarget.Goto, Chain = _cursor.Take().Text };
            case "continue":
                return statement;
            default:
                ReadReject();
                return statement with { Target = ImportTarget.Reject };
        }
    }

    private void ReadReject()
    {
        // Without more nft answers "port unreachable".
        RejectKind? kind = RejectKind.PortUnreachable;
        if (_cursor.TryTake("with"))
        {
            string how = _cursor.Take().Text;
            if (how == "tcp")
            {
                kind = _cursor.Take().Text == "reset" ? RejectKind.TcpReset : null;
            }
            else
            {
                _cursor.TryTake("type");
                kind = _cursor.Take().Text switch
                {
                    "port-unreachable" => RejectKind.PortUnreachable,
                    "host-unreachable" or "addr-unreachable" => RejectKind.HostUnreachable,
                    "no-route" or "net-unreachable" => RejectKind.NoRoute,
                    "admin-prohibited" => RejectKind.AdminProhibited,
                    _ => null,
                };
            }
        }

        _problem = kind is null ? "this way to reject cannot be expressed" : _problem;
        _effects = (_effects ?? new RuleEffects()) with { RejectWith = kind ?? RejectKind.Default };
    }

    private void ReadCounter()
    {
        if (_cursor.TryTake("name"))
        {
            _cursor.Take();
            return;
        }

        while (_cursor.Peek.Is("packets") || _cursor.Peek.Is("bytes"))
        {
            _cursor.Take();
            _cursor.Take();
        }
    }

    private void ReadLog()
    {
        _effects = (_effects ?? new RuleEffects()) with { Log = true };
        while (_cursor.Peek is { IsString: false, Text: "prefix" or "level" or "group" or "snaplen" or "queue-threshold" or "flags" })
        {
            _cursor.Take();
            _cursor.Take();
        }
    }

    private void ReadLimit()
    {
        bool isRead = _cursor.TryTake("rate");
        bool isAbove = _cursor.TryTake("over");
        string[] parts = _cursor.Take().Text.Split('/');
        bool inBytes = parts.Length == 1;
        long scale = 1;
        string count = parts[0];
        string unit = parts[^1];
        if (inBytes)
        {
            string[] bytes = _cursor.Take().Text.Split('/');
            scale = bytes[0] switch { "bytes" => 1, "kbytes" => 1024, "mbytes" => 1024 * 1024, _ => 0 };
            unit = bytes[^1];
            isRead &= bytes.Length == 2 && scale > 0;
        }

        isRead &= ImportValues.TryRate(count, unit, out RateLimit? rate);
        long? burst = null;
        if (_cursor.TryTake("burst"))
        {
            isRead &= long.TryParse(_cursor.Take().Text, NumberStyles.None, CultureInfo.InvariantCulture, out long read) && read > 0;
            burst = read * (_cursor.Take().Text switch { "kbytes" => 1024, "mbytes" => 1024 * 1024, _ => 1 });
        }

        And(isRead ? [ImportMatch.Any with { Rate = rate! with { Count = rate.Count * scale, InBytes = inBytes, Burst = burst, Above = isAbove } }] : null, "the limit cannot be read");
    }

    private void ReadFib()
    {
        List<string> words = [];
        while (!_cursor.IsAtEnd && words.Count < 6 && !(words.Count > 0 && words[^1] is "missing" or "local" or "0"))
        {
            words.Add(_cursor.Take().Text);
        }

        And(
            string.Join(' ', words) switch
            {
                "saddr . iif oif missing" or "saddr . iif oif eq 0" or "saddr . iif oif 0" or "saddr . iif oif == 0" => [ImportMatch.Any with { IsReversePathMissing = true }],
                "daddr type local" => [ImportMatch.Any with { IsToThisHost = true }],
                _ => null,
            },
            "of fib only a missing way back and a local destination can be expressed");
    }

    private void ReadCgroup()
    {
        bool isRead = _cursor.TryTake("cgroupv2") && _cursor.TryTake("level");
        isRead &= int.TryParse(_cursor.Take().Text, NumberStyles.None, CultureInfo.InvariantCulture, out int level);
        NftToken path = _cursor.Take();
        string trimmed = path.Text.Trim('/');
        And(
            isRead && path.IsString && trimmed.Length > 0 && trimmed.Split('/').Length == level ? [ImportMatch.Any with { Cgroup = trimmed }] : null,
            "only the control group of a socket by a path as deep as its level can be expressed");
    }

    private void ReadSegmentSize()
    {
        _cursor.Take();
        bool isRead = _cursor.TryTake("maxseg") && _cursor.TryTake("size") && _cursor.TryTake("set");
        string value = _cursor.Take().Text;
        bool isMtu = value == "rt" && _cursor.TryTake("mtu");
        ushort size = 0;
        _problem = isRead && (isMtu || (ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size > 0)) ? null : "of TCP options only setting the segment size can be expressed";
        _effects = (_effects ?? new RuleEffects()) with { MaxSegmentSize = size };
        if (_problem is null && _matches.Exists(static match => match.Protocols is not { Length: 1 } protocols || protocols[0] != 6))
        {
            And([ImportMatch.Any with { Protocols = [6] }], null, isEffect: true);
        }
    }

    private void ReadChange(string selector)
    {
        string value = _cursor.Take().Text;
        RuleEffects effects = _effects ?? new RuleEffects();
        bool isRead = true;
        switch (selector)
        {
            case "meta mark" or "mark" when value is not ("meta" or "mark" or "ct"):
                isRead = ImportValues.TryNumber(value, out uint mark);
                effects = effects with { SetMark = new MarkMatch(mark) };
                break;
            case "ip dscp" or "ip6 dscp":
                isRead = ImportValues.TryDscp(value, out byte dscp);
                effects = effects with { SetDscp = dscp };
                break;
            case "ip ttl" or "ip6 hoplimit":
                isRead = ImportValues.TryByte(value, out byte ttl);
                effects = effects with { SetTtl = ttl };
                break;
            default:
                isRead = false;
                break;
        }

        _problem = isRead ? null : $"setting {selector} to this cannot be expressed";
        _effects = effects;
        if (isRead && selector.StartsWith("ip", StringComparison.Ordinal))
        {
            And([ImportMatch.Any with { Family = selector.StartsWith("ip6", StringComparison.Ordinal) ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4 }], null, isEffect: true);
        }
    }

    // "flags syn" is any of the flags, "flags == syn" these and no others, "flags & (a | b) == a" and "flags a / a,b" those of a mask.
    private void ReadFlags()
    {
        bool isNegated = _cursor.TryTake("!=");
        bool isExact = isNegated || _cursor.TryTake("==");
        byte mask = byte.MaxValue;
        if (!isExact && _cursor.TryTake("&"))
        {
            if (!TryTakeFlags(out mask) || !((isNegated = _cursor.TryTake("!=")) || _cursor.TryTake("==")))
            {
                _problem = "the TCP flags cannot be read";
                return;
            }

            isExact = true;
        }

        if (_cursor.Peek.Is("{") || !TryTakeFlags(out byte value))
        {
            _problem = "the TCP flags cannot be read";
            return;
        }

        if (!isExact && _cursor.TryTake("/"))
        {
            if (!TryTakeFlags(out mask))
            {
                _problem = "the TCP flags cannot be read";
                return;
            }

            isExact = true;
        }

        // Not exact: some of the flags is set, which is all but none of them.
        TcpFlagMatch asked = isExact ? new TcpFlagMatch(mask, value) : new TcpFlagMatch(value, 0);
        if ((asked.Value & ~asked.Mask) != 0)
        {
            _problem = "the TCP flags can never be";
            return;
        }

        ImmutableArray<TcpFlagMatch> alternatives = isNegated || !isExact ? ImportValues.Without(asked) : [asked];
        And([.. alternatives.Select(static flags => ImportMatch.Any with { Protocols = [6], TcpFlags = flags })], null);
    }

    private bool TryTakeFlags(out byte flags)
    {
        var words = new List<string>();
        bool isBracketed = _cursor.TryTake("(");
        words.Add(_cursor.Take().Text);
        while (_cursor.TryTake("|") || _cursor.TryTake(","))
        {
            words.Add(_cursor.Take().Text);
        }

        bool isClosed = !isBracketed || _cursor.TryTake(")");
        return ImportValues.TryFlags(string.Join(',', words), out flags) && isClosed;
    }

    private List<ImportMatch> Joined(ImmutableArray<ImportMatch> more)
    {
        List<ImportMatch> both = [];
        foreach (ImportMatch match in _matches)
        {
            foreach (ImportMatch other in more)
            {
                ImportMatch? joined = match.And(other, out string? problem);
                _problem ??= problem;
                if (joined is not null)
                {
                    both.Add(joined);
                }
            }
        }

        return both;
    }

    private void And(ImmutableArray<ImportMatch>? more, string? problem, bool isEffect = false)
    {
        if (more is null)
        {
            _problem = problem ?? "the rule cannot be expressed";
            return;
        }

        if (!isEffect && (_verdict is not null || _verdicts is not null || _effects is not null))
        {
            _problem = "a condition behind what the rule does cannot be expressed";
            return;
        }

        _matches = Joined(more.Value);
        _problem ??= _matches.Count == 0 ? "no packet can match" : _matches.Count > MaxAlternatives ? "the rule has too many alternatives" : null;
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
