using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Net.Contracts.Json;

namespace Net.Contracts.Tests;

/// <summary>Whatever crosses the socket comes out as it went in: every record, every member.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> Records => [.. typeof(EngineApi).Assembly.GetExportedTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.GetMethod("<Clone>$") is not null && ContractsJsonContext.Default.GetTypeInfo(type) is not null)
        .Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_with_every_member_set_is_read_as_it_was_written(string name)
    {
        Type type = typeof(EngineApi).Assembly.GetType(name)!;
        JsonTypeInfo info = ContractsJsonContext.Default.GetTypeInfo(type)!;
        object whole = Sample(type, depth: 0)!;

        string written = JsonSerializer.Serialize(whole, info);
        object read = JsonSerializer.Deserialize(written, info)!;

        Assert.Equal(written, JsonSerializer.Serialize(read, info));
        Assert.All(
            type.GetProperties().Where(property => property.CanWrite && property.GetValue(whole) is not null && property.PropertyType != typeof(JsonElement)),
            property => Assert.NotNull(property.GetValue(read)));
        Assert.NotNull(JsonNode.Parse(written));
        Assert.NotEmpty(whole.ToString()!);
    }

    private static object? Sample(Type type, int depth)
    {
        Type actual = Nullable.GetUnderlyingType(type) ?? type;
        return actual switch
        {
            _ when actual == typeof(string) => "text",
            _ when actual == typeof(bool) => true,
            _ when actual == typeof(int) => 7,
            _ when actual == typeof(long) => 8L,
            _ when actual == typeof(double) => 0.5,
            _ when actual == typeof(TimeSpan) => TimeSpan.FromSeconds(90),
            _ when actual == typeof(DateTimeOffset) => new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            _ when actual == typeof(TimeOnly) => new TimeOnly(8, 30),
            _ when actual == typeof(AddressRange) => AddressRange.Parse("10.0.0.0/8"),
            _ when actual == typeof(PortRange) => PortRange.Parse("80-90", null),
            _ when actual == typeof(JsonElement) => JsonDocument.Parse("{}").RootElement,
            _ when actual.IsEnum => Enum.GetValues(actual).GetValue(0),
            _ when actual.IsArray => SampleArray(actual.GetElementType()!, depth),
            _ when actual.Assembly == typeof(EngineApi).Assembly && depth < 4 => SampleRecord(actual, depth),
            _ => null,
        };
    }

    private static Array SampleArray(Type element, int depth)
    {
        object? one = Sample(element, depth + 1);
        Array array = Array.CreateInstance(element, one is null ? 0 : 1);
        if (one is not null)
        {
            array.SetValue(one, 0);
        }

        return array;
    }

    private static object SampleRecord(Type type, int depth)
    {
        ConstructorInfo constructor = type.GetConstructors().OrderByDescending(one => one.GetParameters().Length).First();
        object made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType, depth + 1))]);
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.CanWrite))
        {
            if (Sample(property.PropertyType, depth + 1) is { } value)
            {
                property.SetValue(made, value);
            }
        }

        return made;
    }
}
