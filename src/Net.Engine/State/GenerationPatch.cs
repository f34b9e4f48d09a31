using System.Text.Json;

namespace Net.Engine.State;

/// <summary>One generation as it lies on disk until there is time to write it whole: the difference to one before it.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Author">Who made it.</param>
/// <param name="Comment">Why, or null.</param>
/// <param name="Summary">What changed, one line each.</param>
/// <param name="Hash">The checksum of the whole document, see <see cref="DocumentHash"/>.</param>
/// <param name="Base">The generation it is a difference to.</param>
/// <param name="BaseHash">The checksum of that one's document.</param>
/// <param name="Change">The difference, see <see cref="DocumentImage.WriteChange"/>.</param>
internal sealed record GenerationPatch(
    long Generation, DateTimeOffset CreatedAt, string Author, string? Comment, string[] Summary, string Hash, long Base, string BaseHash, JsonElement Change)
{
    /// <summary>What is known of it without its document.</summary>
    public GenerationFile Info => new(Generation, CreatedAt, Author, Comment, Summary, Hash, default);
}
