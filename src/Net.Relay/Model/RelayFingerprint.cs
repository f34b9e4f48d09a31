using System.Buffers.Binary;
using System.Net;
using Net.Packets;

namespace Net.Relay;

/// <summary>Hashes over the canonical form of flows, by which engine and worker find that they hold the same. The key is fixed: nobody who could choose the content gains from a collision.</summary>
public static class RelayFingerprint
{
    private static ReadOnlySpan<byte> Key => "netmod.relay.v1\0"u8;

    /// <summary>The hash of some flows, the same for any order: the sum of their hashes, in which a flow held twice counts twice.</summary>
    /// <param name="flows">The flows.</param>
    public static ulong Of(IReadOnlyList<RelayFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        var form = new CanonicalForm();
        ulong sum = 0;
        for (int index = 0; index < flows.Count; index++)
        {
            sum += Of(flows[index], form);
        }

        return sum;
    }

    /// <summary>The hash of one flow.</summary>
    /// <param name="flow">The flow.</param>
    public static ulong Of(RelayFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return Of(flow, new CanonicalForm());
    }

    private static ulong Of(RelayFlow flow, CanonicalForm form)
    {
        form.Clear();
        form.Add(flow.RuleId);
        form.Add(flow.Input.InterfaceIndex);
        form.Add(flow.Input.Destination);
        form.AddNullable(flow.Input.Source);
        form.Add(flow.Input.PortFrom);
        form.Add(flow.Input.PortTo);
        form.Add((byte)flow.Input.Protocol);

        // Whoever may send is a set: its order says nothing.
        form.Add(flow.AllowedSources.Length);
        foreach (AddressPrefix prefix in flow.AllowedSources.OrderBy(prefix => prefix.ToString(), StringComparer.Ordinal))
        {
            form.Add(prefix);
        }

        form.Add(flow.AnalyzeSequence ? 1 : 0);
        form.Add((byte)flow.Duplicates);
        form.Add(flow.PreferredSource);
        form.Add(flow.StandbyAfterMilliseconds);
        form.Add(flow.Targets.Length);
        foreach (RelayTarget target in flow.Targets)
        {
            form.Add(target);
        }

        Span<byte> hash = stackalloc byte[SipHash.HashBytes];
        SipHash.Compute(Key, form.Bytes, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    // Every number in 8 bytes, everything of variable length behind its length: two flows never have the same form.
    private sealed class CanonicalForm
    {
        private byte[] _buffer = new byte[512];
        private int _length;

        public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

        public void Clear() => _length = 0;

        public void Add(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);
        }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            Add(bytes.Length);
            bytes.CopyTo(Reserve(bytes.Length));
        }

        public void Add(IPAddress? address)
        {
            Span<byte> bytes = stackalloc byte[16];
            int written = 0;
            _ = address?.TryWriteBytes(bytes, out written);
            Add(bytes[..written]);
        }

        public void Add(AddressPrefix prefix)
        {
            Add(prefix.Address);
            Add(prefix.Length);
        }

        public void AddNullable(AddressPrefix? prefix)
        {
            Add(prefix is null ? 0 : 1);
            if (prefix is AddressPrefix value)
            {
                Add(value);
            }
        }

        public void Add(RelayTarget target)
        {
            Add(target.InterfaceIndex);
            Add(target.MtuBytes);
            Add(target.SourceMac.AsSpan());
            Add(target.DestinationMac is null ? 0 : 1);
            Add(target.DestinationMac.AsSpan());
            Add(target.Destination);
            Add(target.Port);
            Add(target.Ttl ?? -1);
            Add((byte)target.SourceMode);
            Add(target.Source);
            Add(target.SourcePort);
            Add(target.Dscp ?? -1);
            Add(target.PacketsPerSecond);
            Add(target.BitsPerSecond);
            Add((byte)target.Oversize);
            Add(target.IsPaused ? 1 : 0);
        }

        private Span<byte> Reserve(int bytes)
        {
            if (_length + bytes > _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
            }

            Span<byte> reserved = _buffer.AsSpan(_length, bytes);
            _length += bytes;
            return reserved;
        }
    }
}
