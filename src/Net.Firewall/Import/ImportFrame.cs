namespace Net.Firewall;

/// <summary>Where a packet goes on when a chain returns.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Next">The statement that follows there.</param>
/// <param name="Caller">Where that chain returns to; null for a base chain.</param>
internal sealed record ImportFrame(ImportChain Chain, int Next, ImportFrame? Caller);
