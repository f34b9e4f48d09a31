namespace Net.Relay;

/// <summary>What becomes of a packet that is larger than the MTU of its output.</summary>
public enum OversizeAction : byte
{
    /// <summary>It is dropped, and counted as <see cref="RelayDrop.TooBig"/>.</summary>
    Drop,

    /// <summary>It leaves in fragments (RFC 791 section 2.3, RFC 8200 section 4.5).</summary>
    Fragment,
}
