using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Calls;

namespace Net.Rpc;

/// <summary>
/// The methods that peers may call. One dispatcher serves any number of connections; it is thread-safe, and a method added
/// later is available at once. Names are case-sensitive. Each method serves requests and notifications alike.
/// </summary>
public sealed class RpcDispatcher
{
    /// <summary>The member of named params that carries the progress token of methods added with progress.</summary>
    public const string ProgressName = "progress";

    private readonly ConcurrentDictionary<string, Lazy<RpcMethod>> _methods = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<RpcMethod>>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>Creates a dispatcher without methods.</summary>
    public RpcDispatcher()
    {
        _lookup = _methods.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>
    /// Asked before each call, with the context and the name of the method, on the thread that reads the connection: the error
    /// to refuse the call with, or null to permit it.
    /// </summary>
    public Func<RpcCallContext, string, RpcException?>? Authorize { get; set; }

    /// <summary>The names of all methods, in no order.</summary>
    public IReadOnlyCollection<string> Methods => [.. _methods.Keys];

    /// <summary>Adds a method with one result.</summary>
    /// <typeparam name="TRequest">The request: an object whose members are the arguments, a single value, or <see cref="RpcNothing"/>.</typeparam>
    /// <typeparam name="TResult">The result.</typeparam>
    /// <param name="method">The name on the wire.</param>
    /// <param name="request">How the request is read.</param>
    /// <param name="result">How the result is written.</param>
    /// <param name="handler">Runs on the thread pool; its token is cancelled by the caller and when the connection closes.</param>
    public void Add<TRequest, TResult>(
        string method,
        JsonTypeInfo<TRequest> request,
        JsonTypeInfo<TResult> result,
        Func<TRequest, RpcCallContext, CancellationToken, ValueTask<TResult>> handler) =>
        Add(new UnaryMethod<TRequest, TResult>(method, new RecordBinder<TRequest>(request), result, handler));

    /// <summary>Adds a method without a result; a request is answered with null.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <param name="method">The name on the wire.</param>
    /// <param name="request">How the request is read.</param>
    /// <param name="handler">Runs on the thread pool. Notifications of one connection run one after another, in their order.</param>
    public void Add<TRequest>(
        string method, JsonTypeInfo<TRequest> request, Func<TRequest, RpcCallContext, CancellationToken, ValueTask> handler) =>
        Add(method, request, RpcNothing.TypeInfo, async (value, context, cancellationToken) =>
        {
            await handler(value, context, cancellationToken).ConfigureAwait(false);
            return RpcNothing.Value;
        });

    /// <summary>Adds a method that reports progress when the caller sends a token as the named argument <see cref="ProgressName"/>.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TProgress">A report.</typeparam>
    /// <typeparam name="TResult">The result.</typeparam>
    /// <param name="method">The name on the wire.</param>
    /// <param name="request">How the request is read.</param>
    /// <param name="progress">How a report is written.</param>
    /// <param name="result">How the result is written.</param>
    /// <param name="handler">Gets a sink that is always there; without a token it drops the reports.</param>
    public void AddWithProgress<TRequest, TProgress, TResult>(
        string method,
        JsonTypeInfo<TRequest> request,
        JsonTypeInfo<TProgress> progress,
        JsonTypeInfo<TResult> result,
        Func<TRequest, IProgress<TProgress>, RpcCallContext, CancellationToken, ValueTask<TResult>> handler) =>
        Add(new UnaryMethod<RequestWithProgress<TRequest, TProgress>, TResult>(
            method,
            new ProgressBinder<TRequest, TProgress>(request, progress),
            result,
            (value, context, cancellationToken) => handler(value.Request, value.Progress, context, cancellationToken)));

    /// <summary>Adds a method whose result is a stream of items.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TItem">An item.</typeparam>
    /// <param name="method">The name on the wire.</param>
    /// <param name="request">How the request is read.</param>
    /// <param name="item">How an item is written.</param>
    /// <param name="handler">Its token is cancelled when the consumer stops and when the connection closes.</param>
    /// <param name="options">How items are produced and packed, or null for <see cref="RpcStreamOptions.Default"/>.</param>
    public void AddStream<TRequest, TItem>(
        string method,
        JsonTypeInfo<TRequest> request,
        JsonTypeInfo<TItem> item,
        Func<TRequest, RpcCallContext, CancellationToken, IAsyncEnumerable<TItem>> handler,
        RpcStreamOptions? options = null) =>
        Add(new StreamMethod<TRequest, TItem>(method, new RecordBinder<TRequest>(request), item, handler, options ?? RpcStreamOptions.Default));

    /// <summary>Adds a method whose arguments are bound one by one, by position or by name: values, progress sinks, streams.</summary>
    /// <typeparam name="TResult">The result.</typeparam>
    /// <param name="method">The name on the wire.</param>
    /// <param name="parameters">The parameters in their order.</param>
    /// <param name="result">How the result is written.</param>
    /// <param name="handler">Reads its arguments by <see cref="RpcArguments.Get{T}"/>.</param>
    public void AddPositional<TResult>(
        string method,
        RpcParameter[] parameters,
        JsonTypeInfo<TResult> result,
        Func<RpcArguments, RpcCallContext, CancellationToken, ValueTask<TResult>> handler) =>
        Add(new UnaryMethod<RpcArguments, TResult>(method, new ParameterBinder([.. parameters]), result, handler));

    /// <summary>Adds a method with a stream of items as its result and with arguments bound one by one.</summary>
    /// <typeparam name="TItem">An item.</typeparam>
    /// <param name="method">The name on the wire.</param>
    /// <param name="parameters">The parameters in their order.</param>
    /// <param name="item">How an item is written.</param>
    /// <param name="handler">Reads its arguments by <see cref="RpcArguments.Get{T}"/>.</param>
    /// <param name="options">How items are produced and packed, or null for <see cref="RpcStreamOptions.Default"/>.</param>
    public void AddPositionalStream<TItem>(
        string method,
        RpcParameter[] parameters,
        JsonTypeInfo<TItem> item,
        Func<RpcArguments, RpcCallContext, CancellationToken, IAsyncEnumerable<TItem>> handler,
        RpcStreamOptions? options = null) =>
        Add(new StreamMethod<RpcArguments, TItem>(method, new ParameterBinder([.. parameters]), item, handler, options ?? RpcStreamOptions.Default));

    /// <summary>Adds a method that is only made when it is first called, so that a program with many methods starts with the shapes of none.</summary>
    /// <param name="method">The name on the wire.</param>
    /// <param name="add">Adds exactly this method to the dispatcher it is given. Runs at most once.</param>
    public void AddDeferred(string method, Action<RpcDispatcher> add)
    {
        ArgumentNullException.ThrowIfNull(add);
        Add(method, new Lazy<RpcMethod>(() =>
        {
            var one = new RpcDispatcher();
            add(one);
            return one._methods.TryGetValue(method, out Lazy<RpcMethod>? added)
                ? added.Value
                : throw new InvalidOperationException($"The method '{method}' was announced, but not added.");
        }));
    }

    internal RpcMethod? Find(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[128];
        if (name.Length > text.Length)
        {
            return _methods.GetValueOrDefault(Encoding.UTF8.GetString(name))?.Value;
        }

        int length = Encoding.UTF8.GetChars(name, text);
        return _lookup.TryGetValue(text[..length], out Lazy<RpcMethod>? method) ? method.Value : null;
    }

    private void Add(RpcMethod method) => Add(method.Name, new Lazy<RpcMethod>(method));

    private void Add(string name, Lazy<RpcMethod> method)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.StartsWith("$/", StringComparison.Ordinal))
        {
            throw new ArgumentException("Names that begin with $/ belong to the protocol.");
        }

        if (!_methods.TryAdd(name, method))
        {
            throw new ArgumentException($"The method '{name}' was added before.");
        }
    }
}
