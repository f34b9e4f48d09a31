using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Net.Engine.Configuration;

/// <summary>Finds nulls in the lists of a record that was read from JSON. The serializer checks members against their nullability, but not
/// the items of lists; a null among them would only show later, as a fault of the engine.</summary>
internal sealed class NullItems(JsonSerializerContext context)
{
    private readonly ConcurrentDictionary<Type, JsonPropertyInfo[]> _members = new();

    /// <summary>The place of the first null, such as <c>firewall.rules[3]</c>; null when there is none.</summary>
    public string? Find(object? value, string place = "")
    {
        switch (value)
        {
            case null or string or byte[]:
                return null;
            case Array list:
                return list.GetType().GetElementType()!.IsValueType ? null : FindInList(list, place);
        }

        foreach (JsonPropertyInfo member in _members.GetOrAdd(value.GetType(), MembersOf))
        {
            if (Find(member.Get!(value), place.Length == 0 ? member.Name : $"{place}.{member.Name}") is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private string? FindInList(Array list, string place)
    {
        int index = 0;
        foreach (object? item in (IEnumerable)list)
        {
            string here = $"{place}[{index++}]";
            if (item is null)
            {
                return here;
            }

            if (Find(item, here) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    // Only what can hold a list is looked into: lists, and records of this API.
    private JsonPropertyInfo[] MembersOf(Type type) => context.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info
        ? [.. info.Properties.Where(property => property.Get is not null && CanHoldList(property.PropertyType))]
        : [];

    private bool CanHoldList(Type type) =>
        (type.IsArray && !type.GetElementType()!.IsValueType)
        || (type is { IsValueType: false, IsArray: false } && type != typeof(string) && context.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object });
}
