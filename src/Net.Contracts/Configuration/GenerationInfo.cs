namespace Net.Contracts;

/// <summary>A kept generation of the configuration.</summary>
public sealed record GenerationInfo
{
    /// <summary>Its number.</summary>
    public long Generation { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who made it.</summary>
    public required string Author { get; init; }

    /// <summary>Why, in the author's words, or null.</summary>
    public string? Comment { get; set; }

    /// <summary>What changed against the generation before, one line each.</summary>
    public string[] Summary { get; set; } = [];

    /// <summary>Whether it is in force.</summary>
    public bool IsCurrent { get; set; }

    /// <summary>When it is rolled back unless confirmed; null when it is kept.</summary>
    public DateTimeOffset? ConfirmBy { get; set; }

    /// <summary>A 128-bit checksum of the document, hexadecimal: equal documents have equal ones.</summary>
    public required string Hash { get; init; }
}
