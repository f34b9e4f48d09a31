using System.Runtime.CompilerServices;
using System.Text.Json;
using Net.Cli.Hosting;
using Net.Contracts;

namespace Net.Cli.Tests.Support;

/// <summary>An engine that records what it is asked as it would stand on the wire, and answers from samples.</summary>
internal sealed class FakeEngine : IEngineConnection
{
    private readonly Dictionary<string, object> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<Exception>> _failures = new(StringComparer.Ordinal);

    public List<(string Method, string Request)> Requests { get; } = [];

    public int Connections { get; set; }

    public string? Socket { get; set; }

    public HelloReply Hello { get; } = new("1.0", "0.1.0", EngineRole.Admin, "root");

    public void Answer<TRequest, TResult>(ApiMethod<TRequest, TResult> method, TResult result) => _answers[method.Name] = result!;

    public void Answer<TRequest, TItem>(ApiStream<TRequest, TItem> method, IAsyncEnumerable<TItem> items) => _answers[method.Name] = items;

    public void Fail(ApiMethod method, params Exception[] failures) => _failures[method.Name] = new Queue<Exception>(failures);

    public Task<TResult> CallAsync<TRequest, TResult>(ApiMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken)
    {
        Record(method, JsonSerializer.Serialize(request, method.Request));
        return Task.FromResult(_answers.TryGetValue(method.Name, out object? answer) ? (TResult)answer : Samples.Of(method));
    }

    public async IAsyncEnumerable<TItem> StreamAsync<TRequest, TItem>(
        ApiStream<TRequest, TItem> method, TRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Record(method, JsonSerializer.Serialize(request, method.Request));
        if (_answers.TryGetValue(method.Name, out object? answer))
        {
            await foreach (TItem item in ((IAsyncEnumerable<TItem>)answer).WithCancellation(cancellationToken))
            {
                yield return item;
            }

            yield break;
        }

        await Task.CompletedTask;
        foreach (TItem item in Samples.Of(method))
        {
            yield return item;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Record(ApiMethod method, string request)
    {
        lock (Requests)
        {
            Requests.Add((method.Name, request));
        }

        if (_failures.TryGetValue(method.Name, out Queue<Exception>? failures) && failures.TryDequeue(out Exception? failure))
        {
            throw failure;
        }
    }
}
