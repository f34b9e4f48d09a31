using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>A plan as lines to read.</summary>
internal static class PlanText
{
    /// <summary>One line for each change, or one that says there is none.</summary>
    public static IEnumerable<string> Lines(ConfigurationPlan plan) =>
        plan.Changes.Length == 0 ? ["Nothing would change."] : plan.Changes.Select(change => change.ToString());

    /// <summary>What a user must know about a change that is in force only for now; null when it is kept.</summary>
    public static string? PendingWarning(ChangeOutcome outcome, DateTimeOffset now) => outcome is { Applied: true, ConfirmBy: { } until }
        ? FormattableString.Invariant(
            $"The change is taken back in {Math.Max(0, (until - now).TotalSeconds):F0} s unless Confirm-NetConfiguration is called before.")
        : null;
}
