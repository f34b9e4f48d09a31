using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>One thing <c>netmod watch</c> shows: either of the two.</summary>
internal sealed record WatchItem(PathChange? Path, EngineEvent? Event);
