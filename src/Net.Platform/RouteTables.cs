namespace Net.Platform;

/// <summary>Numbers of the routing tables that always exist.</summary>
public static class RouteTables
{
    /// <summary>The table used when every other had no answer.</summary>
    public const uint Default = 253;

    /// <summary>The table of ordinary routes.</summary>
    public const uint Main = 254;

    /// <summary>The kernel's table of own addresses and broadcasts.</summary>
    public const uint Local = 255;
}
