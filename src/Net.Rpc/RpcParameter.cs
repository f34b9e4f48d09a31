using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Calls;
using Net.Rpc.Streams;

namespace Net.Rpc;

/// <summary>One declared parameter of a method whose arguments are bound one by one.</summary>
public abstract class RpcParameter
{
    private protected RpcParameter(string name, bool isOptional)
    {
        Name = name;
        IsOptional = isOptional;
    }

    /// <summary>The name, case-sensitive, by which a named argument is matched.</summary>
    public string Name { get; }

    /// <summary>Whether the argument may be absent.</summary>
    public bool IsOptional { get; }

    internal abstract object? Default { get; }

    /// <summary>A required parameter with an ordinary value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="info">How it is read.</param>
    public static RpcParameter<T> Value<T>(string name, JsonTypeInfo<T> info) =>
        new(name, false, default, (json, _) => JsonSerializer.Deserialize(json, info));

    /// <summary>A parameter with an ordinary value that may be absent.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="info">How it is read.</param>
    /// <param name="defaultValue">The value when it is absent.</param>
    public static RpcParameter<T> Optional<T>(string name, JsonTypeInfo<T> info, T defaultValue) =>
        new(name, true, defaultValue, (json, _) => JsonSerializer.Deserialize(json, info));

    /// <summary>A parameter that reports progress to the caller, who sends a token in its place.</summary>
    /// <typeparam name="T">The type of a report.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="info">How a report is written.</param>
    public static RpcParameter<IProgress<T>> Progress<T>(string name, JsonTypeInfo<T> info) =>
        new(name, true, NullProgress<T>.Instance, (json, connection) => RemoteProgress<T>.Read(json, connection, info));

    /// <summary>A parameter whose items the caller produces; they are fetched from the caller while the method runs.</summary>
    /// <typeparam name="T">The type of an item.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="info">How an item is read.</param>
    public static RpcParameter<IAsyncEnumerable<T>> Stream<T>(string name, JsonTypeInfo<T> info) =>
        new(name, false, null, (json, connection) => StreamConsumer.FromArgument(json, connection, info));

    internal abstract object? Read(ReadOnlySpan<byte> json, RpcConnection connection);
}

/// <summary>One declared parameter with the type its argument has in the handler.</summary>
/// <typeparam name="T">The type of the argument.</typeparam>
public sealed class RpcParameter<T> : RpcParameter
{
    private readonly T? _default;
    private readonly Reader _read;

    internal RpcParameter(string name, bool isOptional, T? defaultValue, Reader read)
        : base(name, isOptional)
    {
        _default = defaultValue;
        _read = read;
    }

    internal delegate T? Reader(ReadOnlySpan<byte> json, RpcConnection connection);

    internal override object? Default => _default;

    internal override object? Read(ReadOnlySpan<byte> json, RpcConnection connection) => _read(json, connection);
}
