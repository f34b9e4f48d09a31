using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Net.Relay.Bytecode;

/// <summary>Writes targets as programs read them.</summary>
public static class KernelTarget
{
    private const double NanosecondsPerSecond = 1e9;
    private const long Burst = 100_000_000;
    private const int ByteCostShift = 16;
    private const int EcnMask = 0x03;

    /// <summary>Writes a target.</summary>
    /// <param name="output">The target.</param>
    /// <param name="counter">Index of its counters.</param>
    /// <param name="input">Index of the counters of its rule's input.</param>
    /// <param name="value">Receives <see cref="KernelLayout.TargetBytes"/>.</param>
    public static void Write(KernelOutput output, int counter, int input, Span<byte> value)
    {
        RelayTarget target = output.Flow.Targets[output.Index];
        value = value[..KernelLayout.TargetBytes];
        value.Clear();
        target.SourceMac.CopyTo(value[(KernelLayout.TargetLink + 6)..]);
        bool isGroupLink = target.DestinationMac is null && target.Destination is null;
        if (target.DestinationMac is not null)
        {
            target.DestinationMac.CopyTo(value);
        }
        else if (target.Destination is not null)
        {
            TargetRewrite.WriteGroupMac(RelayAddress.From(target.Destination), value);
        }

        int flags = (output.IsFirst ? KernelLayout.FlagFirst : 0)
            | (output.Flow.AllowedSources.Length > 0 ? KernelLayout.FlagCheckSource : 0)
            | (target.IsPaused ? KernelLayout.FlagPaused : 0)
            | (target.Ttl is not null ? KernelLayout.FlagSetTtl : 0)
            | (isGroupLink ? KernelLayout.FlagGroupLink : 0)
            | (target.PacketsPerSecond > 0 || target.BitsPerSecond > 0 ? KernelLayout.FlagRate : 0);
        MemoryMarshal.Write(value[KernelLayout.TargetInterface..], target.InterfaceIndex);
        MemoryMarshal.Write(value[KernelLayout.TargetFlags..], flags);
        MemoryMarshal.Write(value[KernelLayout.TargetMtu..], target.MtuBytes);
        MemoryMarshal.Write(value[KernelLayout.TargetCounter..], counter);
        MemoryMarshal.Write(value[KernelLayout.TargetInput..], input);
        MemoryMarshal.Write(value[KernelLayout.TargetRule..], output.Flow.RuleId);
        MemoryMarshal.Write(value[KernelLayout.TargetOutput..], output.Index);
        WritePorts(target, value);
        value[KernelLayout.TargetClassMask] = target.Dscp is null ? byte.MaxValue : (byte)EcnMask;
        value[KernelLayout.TargetClassValue] = (byte)((target.Dscp ?? 0) << 2);
        value[KernelLayout.TargetTtl] = target.Ttl ?? 0;
        WriteAddress(target.Destination, value[KernelLayout.TargetDestinationMask..], value[KernelLayout.TargetDestination..]);
        WriteAddress(target.SourceMode == SourceMode.Keep ? null : target.Source, value[KernelLayout.TargetSourceMask..], value[KernelLayout.TargetSource..]);
        WriteRate(target, value);
    }

    private static void WritePorts(RelayTarget target, Span<byte> value)
    {
        Span<byte> mask = value[KernelLayout.TargetPortMask..];
        Span<byte> port = value[KernelLayout.TargetPortValue..];
        BinaryPrimitives.WriteUInt16BigEndian(mask, target.SourcePort == 0 ? ushort.MaxValue : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(mask[2..], target.Port == 0 ? ushort.MaxValue : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(port, target.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(port[2..], target.Port);
    }

    private static void WriteAddress(System.Net.IPAddress? address, Span<byte> mask, Span<byte> value)
    {
        MemoryMarshal.Write(mask, address is null ? ulong.MaxValue : 0UL);
        if (address is not null)
        {
            _ = address.TryWriteBytes(value, out _);
        }
    }

    // As TokenBucket: a tenth of a second at once, one packet at least.
    private static void WriteRate(RelayTarget target, Span<byte> value)
    {
        long packetCost = target.PacketsPerSecond > 0 ? Math.Max(1, (long)(NanosecondsPerSecond / target.PacketsPerSecond)) : 0;
        long byteCost = target.BitsPerSecond > 0 ? Math.Max(1, (long)(8 * NanosecondsPerSecond * (1 << ByteCostShift) / target.BitsPerSecond)) : 0;
        MemoryMarshal.Write(value[KernelLayout.TargetPacketCost..], packetCost);
        MemoryMarshal.Write(value[KernelLayout.TargetByteCost..], byteCost);
        MemoryMarshal.Write(value[KernelLayout.TargetPacketBurst..], Math.Max(Burst, packetCost));
        MemoryMarshal.Write(value[KernelLayout.TargetByteBurst..], Burst);
    }
}
