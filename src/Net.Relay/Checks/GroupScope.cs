namespace Net.Relay;

/// <summary>How far the packets of a group may go.</summary>
public enum GroupScope : byte
{
    /// <summary>Anywhere: global groups, and every unicast address.</summary>
    Global,

    /// <summary>Within the organization: 239.192.0.0/14 (RFC 2365 section 6.2), scope 8 (RFC 7346).</summary>
    Organization,

    /// <summary>Within the site: 239.255.0.0/16 (RFC 2365 section 6.1), scopes 3 to 5 (RFC 7346).</summary>
    Site,

    /// <summary>Never beyond the link: 224.0.0.0/24 (RFC 5771 section 4), scopes up to 2, and those that RFC 7346 reserves.</summary>
    Link,
}
