using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Gets the configuration in force, a kept generation, the list of kept generations, or the difference between two.</summary>
[Cmdlet(VerbsCommon.Get, "NetConfiguration", DefaultParameterSetName = AsDocument)]
[OutputType(typeof(ConfigurationSnapshot), ParameterSetName = [AsDocument])]
[OutputType(typeof(GenerationInfo), ParameterSetName = [AsHistory])]
[OutputType(typeof(ConfigurationPlan), ParameterSetName = [AsDifference])]
public sealed class GetNetConfigurationCommand : EngineCmdlet
{
    private const string AsDocument = "Document";
    private const string AsHistory = "History";
    private const string AsDifference = "Difference";

    /// <summary>Numbers of generations.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = AsDocument)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = AsDifference)]
    [ArgumentCompleter(typeof(GenerationCompleter))]
    public long[]? Generation { get; set; }

    /// <summary>List the kept generations.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AsHistory)]
    public SwitchParameter History { get; set; }

    /// <summary>Tell what changed since this generation.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AsDifference)]
    [ArgumentCompleter(typeof(GenerationCompleter))]
    public long CompareTo { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (History)
        {
            if (TryCall(EngineApi.ConfigurationGenerations, new ListGenerations(), target: null, out GenerationInfo[] kept))
            {
                WriteObject(kept, enumerateCollection: true);
            }

            return;
        }

        long?[] generations = Generation is null ? [null] : Array.ConvertAll(Generation, generation => (long?)generation);
        foreach (long? generation in generations)
        {
            WriteOne(generation);
        }
    }

    private void WriteOne(long? generation)
    {
        if (ParameterSetName == AsDifference)
        {
            var compare = new CompareConfiguration(CompareTo, generation);
            if (TryCall(EngineApi.ConfigurationCompare, compare, CompareTo, out ConfigurationPlan plan))
            {
                WriteObject(plan);
            }
        }
        else if (TryCall(EngineApi.ConfigurationGet, new GetConfiguration(generation), generation, out ConfigurationSnapshot snapshot))
        {
            WriteObject(snapshot);
        }
    }
}
