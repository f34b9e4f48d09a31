using System.Collections;
using System.Globalization;

namespace Net.PowerShell.Requests;

/// <summary>Reads lists of ports or addresses as people give them: single values, arrays, numbers, or one text with commas as a CSV file holds it.
/// <c>Any</c> and nothing are the empty list.</summary>
internal static class ListText
{
    /// <summary>Reads <paramref name="input"/> as a list.</summary>
    /// <exception cref="FormatException">A part is not readable; the message says which.</exception>
    public static T[] Read<T>(object? input)
        where T : IParsable<T>
    {
        var items = new List<T>();
        Add(input, items);
        return [.. items];
    }

    private static void Add<T>(object? input, List<T> items)
        where T : IParsable<T>
    {
        switch (input)
        {
            case null:
                break;
            case string text:
                string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                items.AddRange(parts.Where(part => !part.Equals("Any", StringComparison.OrdinalIgnoreCase)).Select(part => T.Parse(part, CultureInfo.InvariantCulture)));
                break;
            case T item:
                items.Add(item);
                break;
            case IEnumerable many:
                foreach (object? one in many)
                {
                    Add(one, items);
                }

                break;
            default:
                items.Add(T.Parse(Convert.ToString(input, CultureInfo.InvariantCulture) ?? string.Empty, CultureInfo.InvariantCulture));
                break;
        }
    }
}
