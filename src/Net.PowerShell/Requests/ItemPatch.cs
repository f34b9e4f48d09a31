using System.Collections;
using System.Globalization;
using System.Reflection;
using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The members of a thing a user gave, by name. Members that are not in it stay as they are.</summary>
internal sealed class ItemPatch : IEquatable<ItemPatch>
{
    private readonly SortedDictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>The names of the members given.</summary>
    public IReadOnlyCollection<string> Members => _values.Keys;

    /// <summary>The value given to a member; null when none is. A text that is empty, a number or duration that is zero, and null take away what may be absent.</summary>
    public object? this[string member]
    {
        get => _values.GetValueOrDefault(member);
        set => _values[member] = value;
    }

    /// <summary>Writes the members into <paramref name="item"/>, which is the caller's own copy.</summary>
    public T ApplyTo<T>(T item)
        where T : class
    {
        foreach ((string name, object? value) in _values)
        {
            PropertyInfo member = typeof(T).GetProperty(name) ?? throw new ArgumentException($"{typeof(T).Name} has no member {name}.");
            if (ValueFor(member, value, item) is (true, var changed))
            {
                member.SetValue(item, changed);
            }
        }

        return item;
    }

    /// <inheritdoc />
    public bool Equals(ItemPatch? other) =>
        other is not null && _values.Count == other._values.Count && _values.Zip(other._values).All(pair => pair.First.Key == pair.Second.Key && AreEqual(pair.First.Value, pair.Second.Value));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ItemPatch);

    /// <inheritdoc />
    public override int GetHashCode() => _values.Keys.Aggregate(0, HashCode.Combine);

    private static bool AreEqual(object? left, object? right) => left is Array and not null && right is Array
        ? StructuralComparisons.StructuralEqualityComparer.Equals(left, right)
        : Equals(left, right);

    private static (bool IsGiven, object? Value) ValueFor(PropertyInfo member, object? value, object item)
    {
        Type type = member.PropertyType;
        return value switch
        {
            IMemberPatch parts => (true, parts.ApplyTo(member.GetValue(item))),
            null when type.IsArray => (true, Array.CreateInstance(type.GetElementType()!, 0)),
            null => (!type.IsValueType || Nullable.GetUnderlyingType(type) is not null, null),
            string { Length: 0 } => (true, null),
            string text when Nullable.GetUnderlyingType(type) == typeof(PortRange) || type == typeof(PortRange) => (true, PortRange.Parse(text, CultureInfo.InvariantCulture)),
            string text when type == typeof(AddressRange) => (true, AddressRange.Parse(text)),
            0 or 0L when Nullable.GetUnderlyingType(type) is not null => (true, null),
            TimeSpan { Ticks: 0 } when Nullable.GetUnderlyingType(type) is not null => (true, null),
            _ => (true, value),
        };
    }
}
