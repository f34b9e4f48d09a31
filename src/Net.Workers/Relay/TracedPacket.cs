using Net.Relay;

namespace Net.Workers.Relay;

/// <summary>A packet a trace saw.</summary>
public sealed record TracedPacket
{
    /// <summary>The number of the packet in its trace: that of where it came in and of each output it left by or was dropped at.</summary>
    public required int Number { get; init; }

    /// <summary>When, on the monotonic clock in nanoseconds.</summary>
    public required long TimeNanoseconds { get; init; }

    /// <summary>The output, by its index; -1 where the packet came in.</summary>
    public required int Output { get; init; }

    /// <summary>The interface it came in or left by.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>Length of the frame in bytes; of the payload alone with the socket engine.</summary>
    public required int Length { get; init; }

    /// <summary>Why it was not relayed; null when it was.</summary>
    public RelayDrop? Drop { get; init; }

    /// <summary>Source address and port, as "10.0.0.1:5000".</summary>
    public string Source { get; init; } = "";

    /// <summary>Destination address and port.</summary>
    public string Destination { get; init; } = "";

    /// <summary>The first bytes of it: of the frame, headers as they came or leave; of the payload alone with the socket engine.</summary>
    public required byte[] Data { get; init; }
}
