namespace Net.Engine.Secrets;

/// <summary>What an archive holds.</summary>
/// <param name="Generation">The generation it was made of.</param>
/// <param name="Document">The document, as JSON.</param>
/// <param name="Secrets">The secrets' bytes by name.</param>
internal sealed record BackupContent(long Generation, string Document, Dictionary<string, byte[]> Secrets);
