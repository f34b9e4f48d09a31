namespace Net.Contracts;

/// <summary>Addresses that rules share by name. What it holds is the union of all it is given: addresses, files, host names, countries and other lists; or, when it is
/// dynamic, what rules and detection put into it.</summary>
public sealed record FirewallAddressList
{
    /// <summary>The stable number the engine gave the list; 0 until it has one.</summary>
    public long Id { get; set; }

    /// <summary>The name, unique among lists without regard to case, 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What the list is for, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Addresses, prefixes and ranges.</summary>
    public AddressRange[] Address { get; set; } = [];

    /// <summary>Names of other address lists that are part of it; not a dynamic one, and no circle.</summary>
    public string[] List { get; set; } = [];

    /// <summary>A file with one address, prefix or range a line, comments behind # or ;. It is read again when it changes. An absolute path, or null.</summary>
    public string? File { get; set; }

    /// <summary>Host names whose addresses are part of it, resolved again every <see cref="RefreshInterval"/>. While a name does not resolve, its last addresses stay.</summary>
    public string[] HostName { get; set; } = [];

    /// <summary>Countries by ISO 3166-1 code (DE) whose networks are part of it, out of <see cref="CountryFile"/>.</summary>
    public string[] Country { get; set; } = [];

    /// <summary>The local database for <see cref="Country"/>: a CSV file with network or first and last address, and code, a line; read again when it changes. An absolute path, or null.</summary>
    public string? CountryFile { get; set; }

    /// <summary>Time between two resolutions of host names, 10 s to 1 day.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether rules put single addresses into it. Such a list has nothing else in it.</summary>
    public bool Dynamic { get; set; }

    /// <summary>How long an address stays in a dynamic list since it was last put there; null for ever.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Addresses of each IP version a dynamic list holds at most, 1 to 1,000,000.</summary>
    public int MaxEntries { get; set; } = 65_536;

    /// <summary>Ranges in it now; null in a document.</summary>
    public int? EntryCount { get; set; }

    /// <summary>When its files and names were last read; null in a document, and where there are none.</summary>
    public DateTimeOffset? RefreshedAt { get; set; }

    /// <summary>What could not be read and why, or null.</summary>
    public string? Problem { get; set; }
}
