namespace Net.Platform;

/// <summary>What a link has carried since it was made.</summary>
/// <param name="ReceivedBytes">Bytes received.</param>
/// <param name="SentBytes">Bytes sent.</param>
/// <param name="ReceivedPackets">Packets received.</param>
/// <param name="SentPackets">Packets sent.</param>
/// <param name="ReceiveErrors">Packets received damaged.</param>
/// <param name="SendErrors">Packets that could not be sent.</param>
/// <param name="ReceiveDropped">Good packets dropped on the way in.</param>
/// <param name="SendDropped">Packets dropped on the way out.</param>
public readonly record struct LinkCounters(
    ulong ReceivedBytes,
    ulong SentBytes,
    ulong ReceivedPackets,
    ulong SentPackets,
    ulong ReceiveErrors,
    ulong SendErrors,
    ulong ReceiveDropped,
    ulong SendDropped);
