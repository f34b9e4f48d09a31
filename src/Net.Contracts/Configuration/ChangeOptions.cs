namespace Net.Contracts;

/// <summary>How to make a change of the configuration.</summary>
/// <param name="WhatIf">Whether only to plan: nothing is changed, the plan comes back.</param>
/// <param name="ConfirmWithin">Roll back by itself unless confirmed in this time; null keeps the change at once.</param>
/// <param name="Comment">Why, in the user's words, kept with the generation; at most 1024 characters.</param>
/// <param name="ExpectedGeneration">Refuse when the configuration is not at this generation any more; null does not check.</param>
public sealed record ChangeOptions(bool WhatIf = false, TimeSpan? ConfirmWithin = null, string? Comment = null, long? ExpectedGeneration = null);

/// <summary>What became of a change.</summary>
/// <param name="Applied">Whether it is in force; false for a plan, or when there was nothing to change.</param>
/// <param name="Generation">The generation in force now.</param>
/// <param name="Plan">What changed, or would change.</param>
/// <param name="ConfirmBy">When it is rolled back unless confirmed; null when it is kept.</param>
public sealed record ChangeOutcome(bool Applied, long Generation, ConfigurationPlan Plan, DateTimeOffset? ConfirmBy = null);
