namespace Net.Platform;

/// <summary>Who put a route or rule there (rtm_protocol): how we tell ours from everyone else's.</summary>
public static class RouteProtocols
{
    /// <summary>The kernel itself, for the prefix of an address.</summary>
    public const byte Kernel = 2;

    /// <summary>The administrator at boot.</summary>
    public const byte Boot = 3;

    /// <summary>The administrator, static.</summary>
    public const byte Static = 4;

    /// <summary>IPv6 router advertisements.</summary>
    public const byte RouterAdvertisement = 9;

    /// <summary>A DHCP client.</summary>
    public const byte Dhcp = 16;

    /// <summary>This engine. The kernel leaves 5 to 255 to programs; no routing daemon in /etc/iproute2/rt_protos uses 201.</summary>
    public const byte NetModule = 201;

    /// <summary>This engine, for its overlays: apart from <see cref="NetModule"/>, so that each part tells its own routes from the other's.</summary>
    public const byte NetModuleOverlay = 202;
}
