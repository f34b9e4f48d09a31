using System.Globalization;
using System.Runtime.Versioning;

namespace Net.Platform.Linux;

/// <summary>Asks drivers by ethtool, and the wireless parts of /proc and /sys.</summary>
[SupportedOSPlatform("linux")]
public sealed class LinkFactsReader : ILinkFactsReader, IDisposable
{
    private const long BitsPerMegabit = 1_000_000;

    // What drivers of virtual devices write where hardware names its bus.
    private static readonly string[] NoBus = ["", "N/A", "tun", "tap"];

    private readonly EthtoolSocket _ethtool = new();

    /// <inheritdoc />
    public LinkFacts Read(string interfaceName)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        (string Driver, string Bus)? driver = _ethtool.GetDriver(interfaceName);
        bool isPhysical = driver is { } known && !NoBus.Contains(known.Bus);

        // Virtual devices answer with a number somebody made up (veth: 10 Gb/s, TUN: 10 Mb/s); unknown is unknown.
        (long? speed, bool? isFullDuplex) = isPhysical ? _ethtool.GetLinkSettings(interfaceName) : (null, null);
        bool isWireless = IsWireless(interfaceName);
        return new LinkFacts
        {
            SpeedBitsPerSecond = speed * BitsPerMegabit,
            IsFullDuplex = isFullDuplex,
            Driver = string.IsNullOrEmpty(driver?.Driver) ? null : driver.Value.Driver,
            HasCarrier = _ethtool.HasCarrier(interfaceName),
            IsPhysical = isPhysical,
            IsWireless = isWireless,
            SignalDbm = isWireless ? ReadSignal(interfaceName) : null,
        };
    }

    /// <inheritdoc />
    public void Dispose() => _ethtool.Dispose();

    /// <summary>Finds the signal level of an interface in the text of /proc/net/wireless.</summary>
    internal static int? ParseSignal(IEnumerable<string> lines, string interfaceName)
    {
        foreach (string line in lines)
        {
            // wlan0: 0000   54.  -56.  -256        0      0      0      0     42        0
            string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 3 && fields[0] == interfaceName + ":"
                && int.TryParse(fields[3].TrimEnd('.'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int level))
            {
                // Drivers that do not measure in dBm give a share of their own scale, which is never negative.
                return level is < 0 and > -256 ? level : null;
            }
        }

        return null;
    }

    private static bool IsWireless(string interfaceName)
    {
        // A name with a slash cannot be an interface; it must not become a path either.
        if (interfaceName.Contains('/', StringComparison.Ordinal) || interfaceName is "." or "..")
        {
            return false;
        }

        string folder = Path.Combine("/sys/class/net", interfaceName);
        return Directory.Exists(Path.Combine(folder, "wireless")) || Path.Exists(Path.Combine(folder, "phy80211"));
    }

    private static int? ReadSignal(string interfaceName)
    {
        try
        {
            return ParseSignal(File.ReadLines("/proc/net/wireless"), interfaceName);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
