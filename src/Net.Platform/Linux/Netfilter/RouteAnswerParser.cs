using System.Net;
using System.Runtime.InteropServices;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.RtnetlinkApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Reads the kernel's answer to "which route". Whatever bytes arrive, nothing is thrown.</summary>
internal static class RouteAnswerParser
{
    /// <summary>Reads an answer.</summary>
    /// <param name="message">The message.</param>
    /// <param name="answer">The answer; its prefix is that of the message, which may be the flow's own address.</param>
    /// <returns>False when the message is none, or makes no sense.</returns>
    public static bool TryParse(in NetlinkMessage message, out RouteAnswer answer)
    {
        answer = null!;
        if (message.Type != RTM_NEWROUTE
            || !MemoryMarshal.TryRead(message.Payload, out rtmsg header)
            || header.rtm_family is not (Libc.AF_INET or Libc.AF_INET6)
            || header.rtm_type > (byte)RouteType.Throw)
        {
            return false;
        }

        int addressBytes = header.rtm_family == Libc.AF_INET ? 4 : 16;
        IPAddress? destination = null;
        IPAddress? gateway = null;
        IPAddress? source = null;
        uint output = 0;
        uint table = header.rtm_table;
        uint metric = 0;
        bool isSound = header.rtm_dst_len <= addressBytes * 8;
        NetlinkReader attributes = message.Attributes<rtmsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case RTA_DST:
                    isSound &= TryReadAddress(attribute.Value, addressBytes, out destination);
                    break;
                case RTA_GATEWAY:
                    isSound &= TryReadAddress(attribute.Value, addressBytes, out gateway);
                    break;
                case RTA_VIA:
                    // struct rtvia: the gateway's family, then its address, of either version.
                    ReadOnlySpan<byte> via = attribute.Value.Length > 2 ? attribute.Value[2..] : default;
                    isSound &= TryReadAddress(via, via.Length == 16 ? 16 : 4, out gateway);
                    break;
                case RTA_PREFSRC:
                    isSound &= TryReadAddress(attribute.Value, addressBytes, out source);
                    break;
                case RTA_OIF:
                    isSound &= attribute.TryRead(out output);
                    break;
                case RTA_TABLE:
                    isSound &= attribute.TryRead(out table);
                    break;
                case RTA_PRIORITY:
                    isSound &= attribute.TryRead(out metric);
                    break;
            }
        }

        if (!isSound)
        {
            return false;
        }

        answer = new RouteAnswer
        {
            Type = (RouteType)header.rtm_type,
            OutputInterface = output == 0 ? null : (int)output,
            Gateway = gateway,
            PreferredSource = source,
            Table = table,
            Metric = metric,
            Prefix = ToPrefix(destination ?? (addressBytes == 4 ? IPAddress.Any : IPAddress.IPv6Any), header.rtm_dst_len),
        };
        return true;
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> value, int bytes, out IPAddress? address)
    {
        address = value.Length == bytes ? new IPAddress(value) : null;
        return address is not null;
    }

    private static IPNetwork ToPrefix(IPAddress address, int length)
    {
        // Bits of the host are taken out: a damaged message may have them, and the prefix refuses them.
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int count);
        for (int i = 0; i < count; i++)
        {
            bytes[i] &= (byte)(0xff << (8 - Math.Clamp(length - (i * 8), 0, 8)));
        }

        return new IPNetwork(new IPAddress(bytes[..count]), length);
    }
}
