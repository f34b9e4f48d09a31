using System.Collections.Concurrent;
using Net.Contracts;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Connections;

/// <summary>Says connections of the kernel in the words of the API.</summary>
internal static class ConnectionText
{
    private const byte IcmpV4 = 1;
    private const byte IcmpV6 = 58;

    // A few dozen names of the kernel, made once each.
    private static readonly ConcurrentDictionary<string, string?> s_states = new(StringComparer.Ordinal);

    /// <summary>A connection in the words of the API.</summary>
    /// <param name="connection">The connection.</param>
    public static FirewallConnection Describe(TrackedConnection connection)
    {
        ConnectionTuple there = connection.Original;
        ConnectionTuple back = connection.Reply;
        bool hasPorts = HasPorts(connection.Protocol);
        return new FirewallConnection
        {
            Id = connection.Id,
            Protocol = ProtocolOf(connection.Protocol),
            State = StateOf(connection.State),
            SourceAddress = there.Source.ToString(),
            SourcePort = hasPorts ? there.SourcePort : null,
            DestinationAddress = there.Destination.ToString(),
            DestinationPort = hasPorts ? there.DestinationPort : null,
            TranslatedDestination = IsDestinationTranslated(connection) ? End(back.Source, back.SourcePort, hasPorts) : null,
            TranslatedSource = IsSourceTranslated(connection) ? End(back.Destination, back.DestinationPort, hasPorts) : null,
            IsAnswered = (connection.Status & ConnectionStatus.SeenReply) != 0,
            Mark = connection.Mark,
            ExpiresIn = connection.Timeout ?? TimeSpan.Zero,
            SentPackets = (long?)connection.OriginalCounter?.Packets,
            SentBytes = (long?)connection.OriginalCounter?.Bytes,
            ReceivedPackets = (long?)connection.ReplyCounter?.Packets,
            ReceivedBytes = (long?)connection.ReplyCounter?.Bytes,
        };
    }

    /// <summary>The kernel's name of a state as the API has it: TIME_WAIT is timeWait. Null for the state that says nothing.</summary>
    /// <param name="state">The kernel's name.</param>
    public static string? StateOf(string state) => s_states.GetOrAdd(state, ToCamelCase);

    /// <summary>The protocol of a number; any for one that has no name in the API.</summary>
    /// <param name="number">IP protocol number.</param>
    public static IpProtocol ProtocolOf(byte number) => number == IcmpV6 ? IpProtocol.Icmp : Enum.IsDefined((IpProtocol)number) ? (IpProtocol)number : IpProtocol.Any;

    /// <summary>Whether a number is that of a protocol; ICMP is that of both IP versions.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="number">IP protocol number.</param>
    public static bool Is(IpProtocol protocol, byte number) => protocol switch
    {
        IpProtocol.Any => true,
        IpProtocol.Icmp => number is IcmpV4 or IcmpV6,
        _ => (int)protocol == number,
    };

    /// <summary>Whether a protocol has ports: TCP, UDP, DCCP, SCTP or UDP-Lite.</summary>
    /// <param name="number">IP protocol number.</param>
    public static bool HasPorts(byte number) => number is 6 or 17 or 33 or 132 or 136;

    private static bool IsDestinationTranslated(TrackedConnection connection) =>
        !connection.Reply.Source.Equals(connection.Original.Destination) || connection.Reply.SourcePort != connection.Original.DestinationPort;

    private static bool IsSourceTranslated(TrackedConnection connection) =>
        !connection.Reply.Destination.Equals(connection.Original.Source) || connection.Reply.DestinationPort != connection.Original.SourcePort;

    private static string End(System.Net.IPAddress address, ushort port, bool hasPorts) => hasPorts ? new System.Net.IPEndPoint(address, port).ToString() : address.ToString();

    private static string? ToCamelCase(string state)
    {
        if (state is "NONE" or "")
        {
            return null;
        }

        string[] words = state.ToLowerInvariant().Split('_', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words.Select((word, place) => place == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
