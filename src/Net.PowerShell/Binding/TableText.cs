using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Net.PowerShell.Binding;

/// <summary>Reads tables and objects of properties that people write in place of a record.</summary>
internal static class TableText
{
    /// <summary>One or many, without the wrappers values of a pipeline arrive in.</summary>
    public static IEnumerable<object?> Items(object? input)
    {
        object? plain = Unwrap(input);
        return plain is IEnumerable many and not (IDictionary or string) ? many.Cast<object?>().Select(Unwrap) : [plain];
    }

    /// <summary>Names and values as texts; null when <paramref name="item"/> is neither a table nor an object of properties.</summary>
    public static KeyValuePair<string, string>[]? Members(object? item) => item switch
    {
        IDictionary table => [.. table.Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create(Text(entry.Key), Text(entry.Value)))],
        PSObject custom => [.. custom.Properties.Select(property => KeyValuePair.Create(property.Name, Text(property.Value)))],
        _ => null,
    };

    private static object? Unwrap(object? input) => input is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : input;

    private static string Text(object? value) => Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture) ?? string.Empty;
}
