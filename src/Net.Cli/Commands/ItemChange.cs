using System.Text.Json.Serialization.Metadata;
using Net.Cli.Hosting;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>What became of a change of things, whatever their kind.</summary>
/// <param name="Outcome">What became of the transaction.</param>
/// <param name="WriteJson">Writes the engine's answer.</param>
internal sealed record ItemChange(ChangeOutcome Outcome, Func<CliCall, int> WriteJson)
{
    /// <summary>What an answer says.</summary>
    public static ItemChange Of<TChanged>(TChanged changed, ChangeOutcome outcome, JsonTypeInfo<TChanged> info) => new(outcome, call => call.WriteJson(changed, info));
}
