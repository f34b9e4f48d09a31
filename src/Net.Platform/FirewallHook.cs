namespace Net.Platform;

/// <summary>Where a base chain sits in the packet's way.</summary>
public enum FirewallHook
{
    /// <summary>A place this version does not know.</summary>
    Unknown,

    /// <summary>Before routing.</summary>
    Prerouting,

    /// <summary>To this host.</summary>
    Input,

    /// <summary>Through this host.</summary>
    Forward,

    /// <summary>From this host.</summary>
    Output,

    /// <summary>After routing.</summary>
    Postrouting,

    /// <summary>As it enters a device.</summary>
    Ingress,

    /// <summary>As it leaves a device.</summary>
    Egress,
}
