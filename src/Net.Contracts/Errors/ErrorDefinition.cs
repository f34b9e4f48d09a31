namespace Net.Contracts;

/// <summary>One condition that can go wrong, as the catalogue states it.</summary>
/// <param name="Id">The stable id: Pascal case, never reused, never localised.</param>
/// <param name="Code">Which kind of failure it is.</param>
/// <param name="Meaning">When it happens, in one sentence.</param>
/// <param name="RecommendedAction">What the user can do about it.</param>
public sealed record ErrorDefinition(string Id, ErrorCode Code, string Meaning, string RecommendedAction);
