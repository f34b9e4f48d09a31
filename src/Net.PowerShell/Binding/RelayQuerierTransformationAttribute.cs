using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Binding;

/// <summary>Lets queriers be written as names of interfaces, or as tables: <c>@{ InterfaceAlias = 'br1'; QueryInterval = '60s'; Address = '192.0.2.1' }</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RelayQuerierTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        TableText.Items(inputData).Where(item => item is not null).Select(Read).ToArray();

    private static RelayQuerier Read(object? item) => item switch
    {
        RelayQuerier querier => querier,
        string name when name.Length > 0 => new RelayQuerier { InterfaceAlias = name },
        _ => Read(TableText.Members(item) ?? throw Refusal()),
    };

    private static RelayQuerier Read(KeyValuePair<string, string>[] members)
    {
        string name = members.FirstOrDefault(member => member.Key.Equals("InterfaceAlias", StringComparison.OrdinalIgnoreCase)).Value ?? throw Refusal();
        var querier = new RelayQuerier { InterfaceAlias = name };
        foreach ((string key, string value) in members)
        {
            switch (key.ToUpperInvariant())
            {
                case "INTERFACEALIAS":
                    break;
                case "ENABLED" when bool.TryParse(value, out bool enabled):
                    querier.Enabled = enabled;
                    break;
                case "QUERYINTERVAL" when DurationText.TryParse(value, out TimeSpan interval):
                    querier.QueryInterval = interval;
                    break;
                case "ADDRESS":
                    querier.Address = value.Length == 0 ? null : value;
                    break;
                default:
                    throw Refusal();
            }
        }

        return querier;
    }

    private static ArgumentTransformationMetadataException Refusal() =>
        new("A querier is the name of an interface, or a table such as @{ InterfaceAlias = 'br1'; QueryInterval = '60s'; Address = '192.0.2.1'; Enabled = $true }.");
}
