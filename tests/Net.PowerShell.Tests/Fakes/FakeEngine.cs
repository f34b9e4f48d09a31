using System.Runtime.CompilerServices;
using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Tests.Fakes;

/// <summary>An engine that answers what a test tells it to, and remembers what it was asked.</summary>
internal sealed class FakeEngine : IEngineConnection
{
    private readonly Dictionary<string, Func<object, CancellationToken, Task<object>>> _answers = [];
    private readonly Dictionary<string, Func<object, CancellationToken, IAsyncEnumerable<object>>> _streams = [];
    private readonly List<(string Method, object Request)> _calls = [];

    public HelloReply Hello { get; init; } = new(EngineApi.ProtocolVersion, "0.1.0", EngineRole.Admin, "root");

    public bool IsOpen { get; set; } = true;

    public bool IsDisposed { get; private set; }

    public IReadOnlyList<(string Method, object Request)> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public FakeEngine Answer<TRequest, TResult>(ApiMethod<TRequest, TResult> method, Func<TRequest, TResult> answer)
    {
        _answers[method.Name] = (request, _) => Task.FromResult<object>(answer((TRequest)request)!);
        return this;
    }

    public FakeEngine AnswerLater<TRequest, TResult>(ApiMethod<TRequest, TResult> method, Func<TRequest, CancellationToken, Task<TResult>> answer)
    {
        _answers[method.Name] = async (request, token) => (await answer((TRequest)request, token))!;
        return this;
    }

    public FakeEngine Stream<TRequest, TItem>(ApiStream<TRequest, TItem> method, Func<TRequest, CancellationToken, IAsyncEnumerable<TItem>> items)
    {
        _streams[method.Name] = (request, token) => Box(items((TRequest)request, token));
        return this;
    }

    public IEnumerable<TRequest> RequestsOf<TRequest>() => Calls.Select(call => call.Request).OfType<TRequest>();

    public async Task<TResult> CallAsync<TRequest, TResult>(
        ApiMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken)
    {
        Remember(method.Name, request!);
        return (TResult)await _answers[method.Name](request!, cancellationToken);
    }

    public async IAsyncEnumerable<TItem> StreamAsync<TRequest, TItem>(
        ApiStream<TRequest, TItem> method, TRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Remember(method.Name, request!);
        await foreach (object item in _streams[method.Name](request!, cancellationToken).WithCancellation(cancellationToken))
        {
            yield return (TItem)item;
        }
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        IsOpen = false;
        return ValueTask.CompletedTask;
    }

    private static async IAsyncEnumerable<object> Box<TItem>(IAsyncEnumerable<TItem> items)
    {
        await foreach (TItem item in items)
        {
            yield return item!;
        }
    }

    private void Remember(string method, object request)
    {
        lock (_calls)
        {
            _calls.Add((method, request));
        }
    }
}
