using System.Text.Json;
using Net.Contracts;

namespace Net.Engine.State;

/// <summary>One generation as it lies on disk.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Author">Who made it.</param>
/// <param name="Comment">Why, or null.</param>
/// <param name="Summary">What changed, one line each.</param>
/// <param name="Hash">The checksum of the document, hexadecimal: see <see cref="DocumentHash"/> where <see cref="Format"/> is 2, else SipHash-2-4-128 of its bytes.</param>
/// <param name="Document">The document as it was written, of whatever schema version.</param>
internal sealed record GenerationFile(
    long Generation, DateTimeOffset CreatedAt, string Author, string? Comment, string[] Summary, string Hash, JsonElement Document)
{
    /// <summary>How the hash was made: 2, or null in files of earlier releases.</summary>
    public int? Format { get; init; }
}

/// <summary>Which generation is in force.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="ConfirmBy">When it is rolled back unless confirmed; null when it is kept.</param>
/// <param name="Previous">The generation to go back to; null when it is kept.</param>
internal sealed record CurrentFile(long Generation, DateTimeOffset? ConfirmBy = null, long? Previous = null)
{
    /// <summary>A checksum over the rest: one flipped digit would otherwise name another generation that is there as well.</summary>
    public string? Check { get; set; }
}

/// <summary>A generation read into memory.</summary>
/// <param name="File">What lies on disk.</param>
/// <param name="Document">The document, migrated to this release's schema.</param>
internal sealed record StoredGeneration(GenerationFile File, NetConfiguration Document);
