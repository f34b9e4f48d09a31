using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Net.Rpc;

/// <summary>Stands for no arguments in a request and for no value, <c>null</c>, in a result.</summary>
public sealed class RpcNothing
{
    private RpcNothing()
    {
    }

    /// <summary>The only value.</summary>
    public static RpcNothing Value { get; } = new();

    /// <summary>How it is written and read.</summary>
    public static JsonTypeInfo<RpcNothing> TypeInfo { get; } = CreateTypeInfo();

    private static JsonTypeInfo<RpcNothing> CreateTypeInfo()
    {
        var options = new JsonSerializerOptions();
        JsonTypeInfo<RpcNothing> info = JsonMetadataServices.CreateValueInfo<RpcNothing>(options, new Converter());
        options.TypeInfoResolver = new Resolver(info);
        return info;
    }

    private sealed class Resolver(JsonTypeInfo<RpcNothing> info) : IJsonTypeInfoResolver
    {
        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) =>
            type == typeof(RpcNothing) ? info : null;
    }

    private sealed class Converter : JsonConverter<RpcNothing>
    {
        public override bool HandleNull => true;

        public override RpcNothing Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            reader.Skip();
            return Value;
        }

        public override void Write(Utf8JsonWriter writer, RpcNothing value, JsonSerializerOptions options) =>
            writer.WriteNullValue();
    }
}
