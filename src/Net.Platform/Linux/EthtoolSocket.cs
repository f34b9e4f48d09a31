using System.Runtime.InteropServices;
using System.Text;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.EthtoolApi;

namespace Net.Platform.Linux;

/// <summary>Asks drivers by ioctl, in the network namespace of the thread that makes it.</summary>
internal sealed unsafe class EthtoolSocket : IDisposable
{
    private readonly SafeDescriptor _fd = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);

    public EthtoolSocket()
    {
        if (_fd.IsInvalid)
        {
            throw new NetlinkException("open a socket for ethtool", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Whether the carrier is there; null when the driver cannot say or the interface is gone.</summary>
    public bool? HasCarrier(string interfaceName)
    {
        var value = new ethtool_value { cmd = ETHTOOL_GLINK };
        return TryIoctl(interfaceName, &value) ? value.data != 0 : null;
    }

    /// <summary>Name of the driver and of its place on a bus.</summary>
    public (string Driver, string Bus)? GetDriver(string interfaceName)
    {
        var info = new ethtool_drvinfo { cmd = ETHTOOL_GDRVINFO };
        return TryIoctl(interfaceName, &info) ? (ToText(info.driver, 32), ToText(info.bus_info, 32)) : null;
    }

    /// <summary>Speed in megabits per second and duplex; null where the driver does not know.</summary>
    public (long? SpeedMegabits, bool? IsFullDuplex) GetLinkSettings(string interfaceName)
    {
        // The first call asks how many words the link mode bitmaps have, the second brings them (which we skip) and the settings.
        const int maxWords = 127;
        byte* buffer = stackalloc byte[sizeof(ethtool_link_settings) + (3 * maxWords * sizeof(uint))];
        var settings = (ethtool_link_settings*)buffer;
        *settings = new ethtool_link_settings { cmd = ETHTOOL_GLINKSETTINGS };
        if (!TryIoctl(interfaceName, settings) || settings->link_mode_masks_nwords >= 0)
        {
            return (null, null);
        }

        *settings = new ethtool_link_settings { cmd = ETHTOOL_GLINKSETTINGS, link_mode_masks_nwords = (sbyte)-settings->link_mode_masks_nwords };
        if (!TryIoctl(interfaceName, settings))
        {
            return (null, null);
        }

        long? speed = settings->speed is 0 or unchecked((uint)SPEED_UNKNOWN) ? null : settings->speed;
        bool? isFull = settings->duplex switch
        {
            DUPLEX_FULL => true,
            DUPLEX_HALF => false,
            _ => null,
        };
        return (speed, isFull);
    }

    public void Dispose() => _fd.Dispose();

    private static string ToText(byte* bytes, int size)
    {
        var span = new ReadOnlySpan<byte>(bytes, size);
        int end = span.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? span : span[..end]);
    }

    private bool TryIoctl(string interfaceName, void* data)
    {
        Libc.ifreq request = default;
        if (Encoding.UTF8.GetByteCount(interfaceName) >= RtnetlinkApi.IFNAMSIZ)
        {
            return false;
        }

        Encoding.UTF8.GetBytes(interfaceName, new Span<byte>(request.ifr_name, RtnetlinkApi.IFNAMSIZ));
        request.ifr_data = data;
        return Libc.ioctl(_fd, SIOCETHTOOL, &request) == 0;
    }
}
