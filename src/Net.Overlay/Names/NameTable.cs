using System.Globalization;
using Net.Overlay.Routing;

namespace Net.Overlay.Names;

/// <summary>The names of one overlay, and the answers to questions about them: "berlin.office.internal" to addresses and back. Immutable; the control path builds a new one when peers change.
/// It answers for its own zone and for the reverse names of the overlay's prefixes, and refuses the rest: it is nobody's general resolver. Answering allocates nothing and
/// may happen on any thread.</summary>
public sealed class NameTable
{
    /// <summary>Seconds an answer may be kept. Short: peers come, go and change addresses.</summary>
    public const uint TimeToLive = 30;

    private const string IPv4Reverse = "in-addr.arpa";
    private const string IPv6Reverse = "ip6.arpa";

    private readonly Dictionary<string, Host> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, string> _ipv4Owners = [];
    private readonly Dictionary<UInt128, string> _ipv6Owners = [];
    private readonly OverlayPrefix[] _prefixes;
    private readonly string _suffix;
    private readonly uint _serial;

    private NameTable(string zone, OverlayPrefix[] prefixes, uint serial)
    {
        Zone = zone;
        _suffix = "." + zone;
        _prefixes = prefixes;
        _serial = serial;
    }

    /// <summary>The zone, lower case: "office.internal".</summary>
    public string Zone { get; }

    /// <summary>Names that could not be given, each with the reason, for people: they are no host names, or somebody has them already.</summary>
    public IReadOnlyList<string> Conflicts { get; private set; } = [];

    /// <summary>Builds a table. When two want one name, a peer's own name goes before an alias, and an earlier entry before a later one.</summary>
    /// <param name="overlay">The overlay's name, a label; the zone is it below "internal" (reserved for private use by ICANN, 29 July 2024).</param>
    /// <param name="entries">Peers, this node included.</param>
    /// <param name="prefixes">The overlay's address prefixes: reverse names in them that nobody has do not exist, others are refused.</param>
    /// <param name="serial">The zone's serial number, higher with each build.</param>
    /// <exception cref="ArgumentException">The overlay's name is no label.</exception>
    public static NameTable Build(string overlay, IEnumerable<NameEntry> entries, IReadOnlyList<OverlayPrefix> prefixes, uint serial)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(prefixes);
        if (!DnsName.IsValid(overlay) || overlay.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{overlay}' cannot be part of a name: letters, digits and hyphens are.", nameof(overlay));
        }

        var table = new NameTable(overlay.ToLowerInvariant() + ".internal", [.. prefixes], serial);
        var conflicts = new List<string>();
        NameEntry[] all = [.. entries];
        foreach (NameEntry entry in all)
        {
            if (table.TryAddName(entry.Name, entry, conflicts))
            {
                table.AddReverse(entry);
            }
        }

        foreach (NameEntry entry in all)
        {
            foreach (string alias in entry.Aliases)
            {
                table.TryAddName(alias, entry, conflicts);
            }
        }

        table.AddParents();
        table.Conflicts = conflicts;
        return table;
    }

    /// <summary>Answers a question.</summary>
    /// <param name="query">The message.</param>
    /// <param name="response">Receives the answer; 1232 bytes are enough.</param>
    /// <param name="isStream">Whether it came by TCP, whose answers are as long as the response has room.</param>
    /// <returns>Bytes of the answer; 0 when there must be none.</returns>
    public int Answer(ReadOnlySpan<byte> query, Span<byte> response, bool isStream = false)
    {
        Span<char> nameBuffer = stackalloc char[DnsName.MaxTextLength];
        if (!DnsQuery.TryRead(query, nameBuffer, out DnsQuery parsed, out DnsResponseCode problem))
        {
            return 0;
        }

        int limit = isStream ? ushort.MaxValue : Math.Min(Math.Max(parsed.MaxUdpBytes, 512), DnsResponseWriter.MaxUdpBytes);
        var writer = new DnsResponseWriter(parsed, response, limit);
        if (problem != DnsResponseCode.NoError)
        {
            return writer.Finish(problem, isAuthoritative: false);
        }

        if (parsed.HasEdns && parsed.EdnsVersion != 0)
        {
            return writer.Finish(DnsResponseCode.BadVersion, isAuthoritative: false);
        }

        if (parsed.Class != DnsTypes.ClassIn || parsed.Type is >= DnsTypes.Ixfr and < DnsTypes.Any)
        {
            return writer.Finish(DnsResponseCode.Refused, isAuthoritative: false);
        }

        DnsResponseCode code = parsed.Name.SequenceEqual(Zone) || parsed.Name.EndsWith(_suffix, StringComparison.Ordinal)
            ? AnswerForward(parsed, ref writer)
            : AnswerReverse(parsed, ref writer);
        return writer.Finish(code, isAuthoritative: code != DnsResponseCode.Refused);
    }

    private DnsResponseCode AnswerForward(DnsQuery query, ref DnsResponseWriter writer)
    {
        if (query.Name.Length == Zone.Length)
        {
            bool isSoa = query.Type is DnsTypes.Soa or DnsTypes.Any;
            if (query.Type is DnsTypes.NS or DnsTypes.Any)
            {
                writer.AddName(DnsTypes.NS, TimeToLive, Zone);
            }

            if (isSoa || query.Type != DnsTypes.NS)
            {
                writer.AddSoa(Zone, _serial, TimeToLive, isSoa);
            }

            return DnsResponseCode.NoError;
        }

        ReadOnlySpan<char> below = query.Name[..^_suffix.Length];
        if (!_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(below, out Host? host))
        {
            writer.AddSoa(Zone, _serial, TimeToLive, isAnswer: false);
            return DnsResponseCode.NameError;
        }

        bool isAny = query.Type == DnsTypes.Any;
        byte[][] ipv4 = query.Type == DnsTypes.A || isAny ? host.IPv4 : [];
        byte[][] ipv6 = query.Type == DnsTypes.Aaaa || isAny ? host.IPv6 : [];
        foreach (byte[] address in ipv4)
        {
            writer.AddAddress(DnsTypes.A, TimeToLive, address);
        }

        foreach (byte[] address in ipv6)
        {
            writer.AddAddress(DnsTypes.Aaaa, TimeToLive, address);
        }

        if (ipv4.Length + ipv6.Length == 0)
        {
            writer.AddSoa(Zone, _serial, TimeToLive, isAnswer: false);
        }

        return DnsResponseCode.NoError;
    }

    private DnsResponseCode AnswerReverse(DnsQuery query, ref DnsResponseWriter writer)
    {
        if (!TryReadReverse(query.Name, out OverlayPrefix address))
        {
            return DnsResponseCode.Refused;
        }

        bool isWhole = address.Length == (address.IsIPv6 ? 128 : 32);
        if (isWhole && (address.IsIPv6 ? _ipv6Owners : _ipv4Owners).TryGetValue(address.Bits, out string? owner))
        {
            if (query.Type is DnsTypes.Ptr or DnsTypes.Any)
            {
                writer.AddName(DnsTypes.Ptr, TimeToLive, owner);
            }

            return DnsResponseCode.NoError;
        }

        foreach (ref readonly OverlayPrefix prefix in _prefixes.AsSpan())
        {
            if (prefix.Contains(in address))
            {
                // A shorter name, such as that of a whole byte's range, has names below it.
                return isWhole ? DnsResponseCode.NameError : DnsResponseCode.NoError;
            }
        }

        return DnsResponseCode.Refused;
    }

    // RFC 1035, 3.5: bytes in decimal, last first; RFC 3596, 2.5: hexadecimal digits, last first. Fewer labels than the address has parts are a prefix.
    private static bool TryReadReverse(ReadOnlySpan<char> name, out OverlayPrefix prefix)
    {
        prefix = default;
        Span<byte> address = stackalloc byte[16];
        address.Clear();
        bool isIPv6 = name.EndsWith("." + IPv6Reverse, StringComparison.Ordinal);
        if (!isIPv6 && !name.EndsWith("." + IPv4Reverse, StringComparison.Ordinal))
        {
            return false;
        }

        name = name[..^((isIPv6 ? IPv6Reverse : IPv4Reverse).Length + 1)];
        int most = isIPv6 ? 32 : 4;
        int parts = 0;
        while (true)
        {
            int dot = name.LastIndexOf('.');
            ReadOnlySpan<char> label = name[(dot + 1)..];
            NumberStyles style = isIPv6 ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
            bool isUsual = isIPv6 ? label.Length == 1 : label.Length == 1 || (label.Length <= 3 && label.Length > 0 && label[0] != '0');
            if (parts == most || !isUsual || !byte.TryParse(label, style, CultureInfo.InvariantCulture, out byte value))
            {
                return false;
            }

            address[isIPv6 ? parts / 2 : parts] |= isIPv6 && parts % 2 == 0 ? (byte)(value << 4) : value;
            parts++;
            if (dot < 0)
            {
                break;
            }

            name = name[..dot];
        }

        prefix = new OverlayPrefix(address[..(isIPv6 ? 16 : 4)], parts * (isIPv6 ? 4 : 8));
        return true;
    }

    private bool TryAddName(string name, NameEntry entry, List<string> conflicts)
    {
        string lower = name.ToLowerInvariant();
        if (!DnsName.IsValid(lower) || lower.Length + _suffix.Length > DnsName.MaxTextLength)
        {
            conflicts.Add($"'{name}' is no host name: letters, digits and hyphens are, in parts of up to {DnsName.MaxLabelBytes}.");
            return false;
        }

        if (_names.TryAdd(lower, Host.From(entry)))
        {
            return true;
        }

        if (_names[lower].Entry != entry)
        {
            conflicts.Add($"'{name}' of {entry.Name} is the name of {_names[lower].Entry.Name} already.");
        }

        return false;
    }

    private void AddReverse(NameEntry entry)
    {
        string full = entry.Name.ToLowerInvariant() + _suffix;
        foreach (OverlayPrefix address in entry.Addresses)
        {
            (address.IsIPv6 ? _ipv6Owners : _ipv4Owners).TryAdd(address.Bits, full);
        }
    }

    // RFC 8020: a name with names below it exists, even with nothing of its own.
    private void AddParents()
    {
        foreach (string name in _names.Keys.ToArray())
        {
            for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
            {
                _names.TryAdd(name[(dot + 1)..], Host.Empty);
            }
        }
    }

    private sealed record Host(NameEntry Entry, byte[][] IPv4, byte[][] IPv6)
    {
        public static readonly Host Empty = new(new NameEntry("", [], []), [], []);

        public static Host From(NameEntry entry) => new(
            entry,
            [.. entry.Addresses.Where(address => !address.IsIPv6).Select(address => address.ToIPAddress().GetAddressBytes())],
            [.. entry.Addresses.Where(address => address.IsIPv6).Select(address => address.ToIPAddress().GetAddressBytes())]);
    }
}
