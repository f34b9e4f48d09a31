using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Binding;

/// <summary>Lets groups be written as a table of names and members: <c>@{ servers = 'web', 'db' }</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OverlayGroupTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return input is IDictionary table
            ? table.Cast<DictionaryEntry>().Select(Read).OrderBy(group => group.Name, StringComparer.OrdinalIgnoreCase).ToArray()
            : input;
    }

    private static OverlayGroup Read(DictionaryEntry entry)
    {
        object? members = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
        return new OverlayGroup(Text(entry.Key), members is string or null || members is not IEnumerable many ? [Text(members)] : [.. many.Cast<object?>().Select(Text)]);
    }

    private static string Text(object? value) => Convert.ToString(value is PSObject wrapped ? wrapped.BaseObject : value, CultureInfo.InvariantCulture) ?? string.Empty;
}
