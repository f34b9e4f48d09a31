using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Platform.Linux;

namespace Net.Traffic;

/// <summary>Packets out of a UDP socket.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SocketOutput : ITrafficOutput
{
    // Two of the largest runs: one is built while the other's memory is still warm, and a call is worth its price.
    private const int Batch = 128;

    // Large payloads do not gain from more in one call than fits the kernel's largest message.
    private const int MostBatchBytes = 1 << 20;

    private readonly TrafficSendSocket _socket;
    private readonly SocketEndpoint[] _destinations;

    /// <summary>Opens it in the network namespace of the calling thread.</summary>
    /// <param name="plan">What will be sent.</param>
    /// <exception cref="SocketException">A step failed.</exception>
    public SocketOutput(TrafficPlan plan)
    {
        _destinations = [.. TrafficAddresses.Destinations(plan).Select(SocketEndpoint.From)];
        bool isIPv6 = plan.Destination.AddressFamily == AddressFamily.InterNetworkV6;
        _socket = TrafficSendSocket.Open(new TrafficSenderOptions
        {
            Interface = plan.Interface,
            IsIPv6 = isIPv6,
            Source = plan.Source is null && plan.SourcePort == 0 ? null : new IPEndPoint(plan.Source ?? (isIPv6 ? IPAddress.IPv6Any : IPAddress.Any), plan.SourcePort),
            Ttl = plan.Ttl,
            LoopsBack = plan.LoopsBack,
            Fragments = plan.Fragments,
            PayloadBytes = plan.PayloadBytes,
            Capacity = Math.Clamp(MostBatchBytes / plan.PayloadBytes, 1, Batch),
        });
    }

    /// <inheritdoc />
    public int Capacity => _socket.Capacity;

    /// <inheritdoc />
    public int MostRun => _socket.MostRun;

    /// <inheritdoc />
    public long Refused => _socket.Refused;

    /// <inheritdoc />
    public string? Problem => _socket.LastErrorText;

    /// <inheritdoc />
    public Span<byte> Payload(int index) => _socket.Payload(index);

    /// <inheritdoc />
    public void Queue(int first, int count, int destination) => _socket.Queue(first, count, in _destinations[destination]);

    /// <inheritdoc />
    public int Flush() => _socket.Flush();

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();
}
