using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>A group this host joined for a rule, or one a receiver on a link asked for.</summary>
public sealed record MulticastGroup
{
    /// <summary>The interface.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>The group's address.</summary>
    public required string Group { get; init; }

    /// <summary>Why it is known.</summary>
    public MulticastGroupRole Role { get; set; }

    /// <summary>Sources asked for, or with <see cref="ExcludesSources"/> not asked for; empty for any source.</summary>
    public string[] Sources { get; set; } = [];

    /// <summary>Whether <see cref="Sources"/> are those not wanted (EXCLUDE mode, RFC 9776 section 3.1).</summary>
    public bool ExcludesSources { get; set; }

    /// <summary>Names of rules that receive from it (Joined) or send to it (Receiver), at most 16.</summary>
    public string[] Rules { get; set; } = [];

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The address of who reported it last; null for a group this host joined.</summary>
    public string? Reporter { get; set; }

    /// <summary>When it is forgotten unless reported again; null for a group this host joined.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Why the join has not succeeded yet, such as the kernel's limit of memberships; null otherwise.</summary>
    public string? Problem { get; set; }
}

/// <summary>Why a group is known.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<MulticastGroupRole>))]
public enum MulticastGroupRole
{
    /// <summary>This host joined it for a rule.</summary>
    Joined,

    /// <summary>Somebody on the link wants to receive it.</summary>
    Receiver,
}
