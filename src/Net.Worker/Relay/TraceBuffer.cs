using System.Net;
using Net.Relay;
using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>What a trace has seen and not told yet. It allocates, but only while it runs, and never more than its bounds.</summary>
/// <param name="command">What is traced.</param>
internal sealed class TraceBuffer(StartTrace command)
{
    /// <summary>The most packets of a trace.</summary>
    public const int MaxPackets = 10_000;

    // Told at once beyond this, as a message has its bounds too.
    private const int MaxPendingBytes = 1 << 20;

    private readonly List<TracedPacket> _pending = [];
    private int _left = Math.Clamp(command.MaxPackets, 0, MaxPackets);
    private int _lastNumber;
    private int _pendingBytes;

    /// <summary>The trace's id.</summary>
    public long Id => command.Id;

    /// <summary>The rule.</summary>
    public int RuleId => command.RuleId;

    /// <summary>Whether it takes no more packets.</summary>
    public bool IsFull => _left == 0;

    /// <summary>Whether it should be told now rather than with the next report.</summary>
    public bool IsUrgent => _pendingBytes >= MaxPendingBytes;

    /// <summary>Whether there is something to tell.</summary>
    public bool HasPending => _pending.Count > 0;

    /// <summary>Takes a packet that came in, unless the trace is full.</summary>
    /// <returns>Its number, from 1, by which its outputs are recorded; 0 when it is not taken.</returns>
    public int Begin()
    {
        if (_left == 0 || IsUrgent)
        {
            return 0;
        }

        _left--;
        return ++_lastNumber;
    }

    /// <summary>Records where a packet came in or left.</summary>
    /// <param name="number">Its number; nothing is recorded of 0.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="output">The output; -1 where it came in.</param>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="source">Its source.</param>
    /// <param name="destination">Its destination.</param>
    /// <param name="headers">The first part of it.</param>
    /// <param name="rest">The second part.</param>
    /// <param name="drop">Why it was not relayed; null when it was.</param>
    public void Add(int number, long now, int output, int interfaceIndex, IPEndPoint source, IPEndPoint destination, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> rest, RelayDrop? drop)
    {
        if (number == 0)
        {
            return;
        }

        int length = headers.Length + rest.Length;
        byte[] data = new byte[Math.Min(length, Math.Clamp(command.SnapLength, 0, ushort.MaxValue))];
        int first = Math.Min(headers.Length, data.Length);
        headers[..first].CopyTo(data);
        rest[..(data.Length - first)].CopyTo(data.AsSpan(first));
        _pendingBytes += data.Length + 200;
        _pending.Add(new TracedPacket
        {
            Number = number,
            TimeNanoseconds = now,
            Output = output,
            InterfaceIndex = interfaceIndex,
            Length = length,
            Drop = drop,
            Source = source.ToString(),
            Destination = destination.ToString(),
            Data = data,
        });
    }

    /// <summary>Takes what was recorded since the last call.</summary>
    /// <param name="isEnd">Whether it is the trace's end.</param>
    /// <returns>The message.</returns>
    public TracedPackets Take(bool isEnd)
    {
        TracedPacket[] packets = [.. _pending];
        _pending.Clear();
        _pendingBytes = 0;
        return new TracedPackets(Id, packets, isEnd);
    }
}
