namespace Net.Platform;

/// <summary>How far away a route's destination is, or how far an address is valid.</summary>
public enum RouteScope
{
    /// <summary>Anywhere; through a gateway.</summary>
    Universe = 0,

    /// <summary>Inside the own site (IPv6 only).</summary>
    Site = 200,

    /// <summary>On the attached link.</summary>
    Link = 253,

    /// <summary>This host.</summary>
    Host = 254,

    /// <summary>Does not exist.</summary>
    Nowhere = 255,
}
