namespace Net.Lab;

/// <summary>One end of a link.</summary>
public sealed record LabLinkEnd
{
    /// <summary>The node this end is in.</summary>
    public required string Node { get; init; }

    /// <summary>The interface's name in that node, at most 15 characters.</summary>
    public required string Interface { get; init; }

    /// <summary>IPv4 and IPv6 addresses with prefix length, such as <c>192.0.2.1/24</c>; none at a bridge.</summary>
    public IReadOnlyList<string> Addresses { get; init => field = value ?? []; } = [];
}
