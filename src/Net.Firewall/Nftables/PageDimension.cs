namespace Net.Firewall;

/// <summary>What a paged block tells its rules apart by.</summary>
internal enum PageDimension
{
    /// <summary>Source addresses of both IP versions.</summary>
    Source,

    /// <summary>Destination addresses of both IP versions.</summary>
    Destination,

    /// <summary>Destination ports.</summary>
    DestinationPort,

    /// <summary>Source ports.</summary>
    SourcePort,
}
