namespace Net.Cli.Output;

/// <summary>Says which generation something is of.</summary>
/// <param name="Generation">The generation.</param>
internal sealed record GenerationReply(long Generation);
