using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Binding;

/// <summary>Lets outputs be written as tables, <c>@{ InterfaceAlias = 'br1'; Destination = '239.2.2.2'; Port = 6000 }</c>, or as texts,
/// <c>'br1,destination=239.2.2.2,port=6000'</c>; several in one text, as a cell of a CSV file holds them, are separated by semicolons.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RelayOutputTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return TableText.Items(inputData).SelectMany(Read).ToArray();
        }
        catch (FormatException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }

    private static IEnumerable<RelayOutput> Read(object? item) => item switch
    {
        null => [],
        RelayOutput output => [output],
        string text => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(RelayOutput.Parse),
        _ => [Read(TableText.Members(item) ?? throw Refusal())],
    };

    private static RelayOutput Read(KeyValuePair<string, string>[] members)
    {
        ILookup<bool, KeyValuePair<string, string>> parts = members.ToLookup(member => IsInterface(member.Key));
        string name = parts[true].Select(member => member.Value).FirstOrDefault(value => value.Length > 0) ?? throw Refusal();
        return RelayOutputText.Read(name, parts[false]);
    }

    private static bool IsInterface(string name) =>
        name.Equals("InterfaceAlias", StringComparison.OrdinalIgnoreCase) || name.Equals("Interface", StringComparison.OrdinalIgnoreCase);

    private static FormatException Refusal() =>
        new("An output is a table such as @{ InterfaceAlias = 'br1'; Destination = '239.2.2.2'; Port = 6000 }, or the text 'br1,destination=239.2.2.2,port=6000'.");
}
