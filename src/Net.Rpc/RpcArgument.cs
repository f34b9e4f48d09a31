using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Calls;
using Net.Rpc.Streams;

namespace Net.Rpc;

/// <summary>One argument of an outgoing call that is sent by position or by name: a value, a progress sink or a stream of items.</summary>
public abstract class RpcArgument
{
    private protected RpcArgument(string? name)
    {
        Name = name;
    }

    /// <summary>The name, needed only where arguments are sent by name.</summary>
    public string? Name { get; }

    /// <summary>An ordinary value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="info">How it is written.</param>
    /// <param name="name">Its name, where arguments are sent by name.</param>
    public static RpcArgument Value<T>(T value, JsonTypeInfo<T> info, string? name = null) =>
        new ValueArgument<T>(value, info, name);

    /// <summary>A sink for the reports of the method; each arrives before the call ends.</summary>
    /// <typeparam name="T">The type of a report.</typeparam>
    /// <param name="sink">Called on the thread that reads the connection, in order.</param>
    /// <param name="info">How a report is read.</param>
    /// <param name="name">Its name, where arguments are sent by name.</param>
    public static RpcArgument Progress<T>(IProgress<T> sink, JsonTypeInfo<T> info, string? name = null) =>
        new ProgressArgument<T>(sink, info, name);

    /// <summary>Items the method fetches from here while it runs.</summary>
    /// <typeparam name="T">The type of an item.</typeparam>
    /// <param name="items">The items; enumerated at most once.</param>
    /// <param name="info">How an item is written.</param>
    /// <param name="options">How they are packed, or null for <see cref="RpcStreamOptions.Default"/>.</param>
    /// <param name="name">Its name, where arguments are sent by name.</param>
    public static RpcArgument Stream<T>(IAsyncEnumerable<T> items, JsonTypeInfo<T> info, RpcStreamOptions? options = null, string? name = null) =>
        new StreamArgument<T>(items, info, options ?? RpcStreamOptions.Default, name);

    /// <summary>Writes the argument; <paramref name="call"/> is null in a notification, which can only carry values.</summary>
    internal abstract void Write(Utf8JsonWriter writer, RpcConnection connection, OutgoingCall? call);

    private protected static OutgoingCall NeedCall(OutgoingCall? call) => call ??
        throw new InvalidOperationException("A notification cannot carry progress or a stream: nothing would end them.");

    private sealed class ValueArgument<T>(T value, JsonTypeInfo<T> info, string? name) : RpcArgument(name)
    {
        internal override void Write(Utf8JsonWriter writer, RpcConnection connection, OutgoingCall? call) =>
            JsonSerializer.Serialize(writer, value, info);
    }

    private sealed class ProgressArgument<T>(IProgress<T> sink, JsonTypeInfo<T> info, string? name) : RpcArgument(name)
    {
        internal override void Write(Utf8JsonWriter writer, RpcConnection connection, OutgoingCall? call) =>
            writer.WriteNumberValue(connection.Progress.Add(NeedCall(call), new ProgressSink<T>(sink, info)));
    }

    private sealed class StreamArgument<T>(IAsyncEnumerable<T> items, JsonTypeInfo<T> info, RpcStreamOptions options, string? name)
        : RpcArgument(name)
    {
        internal override void Write(Utf8JsonWriter writer, RpcConnection connection, OutgoingCall? call)
        {
            StreamProducer producer = connection.Producers.AddArgument(items, info, options);
            NeedCall(call).AddProducer(producer);
            writer.WriteStartObject();
            writer.WriteNumber("token"u8, producer.Token);
            writer.WriteEndObject();
        }
    }
}
