namespace Net.Engine.Firewall.Runtime.Detection;

/// <summary>What a source is found at.</summary>
internal enum DetectionKind
{
    /// <summary>It tried many ports of this host and was refused.</summary>
    Scan,

    /// <summary>It began many connections to ports where people log in.</summary>
    LoginGuessing,

    /// <summary>It began very many connections.</summary>
    Flood,
}
