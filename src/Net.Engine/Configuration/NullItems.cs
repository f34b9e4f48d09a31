using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Net.Engine.Configuration;

/// <summary>Finds nulls in the lists of a record that was read from JSON. The serializer checks members against their nullability, but not
/// the items of lists; a null among them would only show later, as a fault of the engine.</summary>
internal sealed class NullItems
{
    private readonly JsonSerializerContext _context;
    private readonly ConcurrentDictionary<Type, JsonPropertyInfo[]> _members = new();
    private readonly Func<Type, JsonPropertyInfo[]> _membersOf;

    /// <summary>Looks into records of an API.</summary>
    /// <param name="context">Knows the members of its records.</param>
    public NullItems(JsonSerializerContext context)
    {
        _context = context;
        _membersOf = MembersOf;
    }

    /// <summary>The place of the first null, such as <c>firewall.rules[3]</c>; null when there is none.</summary>
    public string? Find(object? value) => Look(value) is { } place ? place.TrimStart('.') : null;

    // Places are put together on the way back, from the null outwards: nearly always there is none, and many to look at.
    private string? Look(object? value)
    {
        switch (value)
        {
            case null or string or byte[]:
                return null;
            case Array list:
                return list is object?[] items ? LookInList(items) : null;
        }

        foreach (JsonPropertyInfo member in _members.GetOrAdd(value.GetType(), _membersOf))
        {
            if (Look(member.Get!(value)) is { } found)
            {
                return $".{member.Name}{found}";
            }
        }

        return null;
    }

    private string? LookInList(object?[] items)
    {
        for (int index = 0; index < items.Length; index++)
        {
            string? found = items[index] is { } item ? Look(item) : string.Empty;
            if (found is not null)
            {
                return string.Create(CultureInfo.InvariantCulture, $"[{index}]{found}");
            }
        }

        return null;
    }

    // Only what can hold a list is looked into: lists, and records of this API.
    private JsonPropertyInfo[] MembersOf(Type type) => _context.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info
        ? [.. info.Properties.Where(property => property.Get is not null && CanHoldList(property.PropertyType))]
        : [];

    private bool CanHoldList(Type type) =>
        (type.IsArray && !type.GetElementType()!.IsValueType)
        || (type is { IsValueType: false, IsArray: false } && type != typeof(string) && _context.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object });
}
