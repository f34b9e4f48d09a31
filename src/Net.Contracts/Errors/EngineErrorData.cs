namespace Net.Contracts;

/// <summary>What <c>error.data</c> of a JSON-RPC error carries: no stack trace, no path, no type name.</summary>
/// <param name="ErrorId">The catalogue's stable id.</param>
/// <param name="Category">Which kind of failure it is.</param>
/// <param name="Target">What the user passed that the failure is about, or null.</param>
/// <param name="RecommendedAction">What the user can do about it, or null.</param>
public sealed record EngineErrorData(string ErrorId, ErrorCode Category, string? Target = null, string? RecommendedAction = null);
