using Net.Cli.Hosting;
using Net.Contracts;

namespace Net.Cli.Output;

/// <summary>Shows the plan of a change and what became of it.</summary>
internal static class ChangeReport
{
    /// <summary>Writes the lines of the plan, then one that says what is in force now.</summary>
    public static int Write(CliCall call, ChangeOutcome outcome, bool whatIf)
    {
        WritePlan(call, outcome.Plan);
        call.Out.WriteLine(Conclusion(call, outcome, whatIf));
        return ExitCodes.Ok;
    }

    /// <summary>Writes the lines of a plan; its warnings go to standard error.</summary>
    public static void WritePlan(CliCall call, ConfigurationPlan plan)
    {
        foreach (ConfigurationChange change in plan.Changes)
        {
            call.Out.WriteLine(Text.Printable(change.ToString()));
        }

        foreach (string warning in plan.Warnings)
        {
            call.Console.Error.WriteLine($"netmod: warning: {Text.Printable(warning)}");
        }
    }

    private static string Conclusion(CliCall call, ChangeOutcome outcome, bool whatIf)
    {
        if (outcome.Plan.Changes.Length == 0)
        {
            return $"Nothing to change: generation {outcome.Generation} stays in force.";
        }

        if (whatIf)
        {
            return $"Nothing was changed: this is what would be. Generation {outcome.Generation} stays in force.";
        }

        return outcome.ConfirmBy is { } confirmBy
            ? $"Generation {outcome.Generation} is in force until {call.Show(confirmBy)}, then rolled back unless confirmed by 'netmod config confirm'."
            : $"Generation {outcome.Generation} is in force.";
    }
}
