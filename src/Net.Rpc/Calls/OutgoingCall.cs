using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Streams;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>A request sent to the peer and not yet answered.</summary>
internal abstract class OutgoingCall(RpcConnection connection, CancellationToken cancellationToken)
{
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _registration;
    private List<long>? _progress;
    private List<StreamProducer>? _producers;
    private bool _isDone;

    public long Id { get; set; }

    protected CancellationToken CancellationToken { get; } = cancellationToken;

    public void AddProgress(long token) => (_progress ??= []).Add(token);

    public void AddProducer(StreamProducer producer) => (_producers ??= []).Add(producer);

    /// <summary>From now on the caller's token cancels the request at the peer. The answer still decides how the call ends.</summary>
    public void ListenForCancellation()
    {
        if (!CancellationToken.CanBeCanceled)
        {
            return;
        }

        CancellationTokenRegistration registration = CancellationToken.UnsafeRegister(
            static state => ((OutgoingCall)state!).SendCancel(), this);
        lock (_gate)
        {
            if (!_isDone)
            {
                _registration = registration;
                return;
            }
        }

        registration.Dispose();
    }

    public void Complete(in Message message)
    {
        Finish();
        if (message.HasError)
        {
            RpcException error = ReadError(message.Error);
            if (error.Code == RpcErrorCodes.Cancelled && CancellationToken.IsCancellationRequested)
            {
                SetCancelled();
            }
            else
            {
                SetException(error);
            }

            return;
        }

        try
        {
            SetResult(message.Result);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            SetException(exception);
        }
    }

    public void Fail(Exception exception)
    {
        Finish();
        SetException(exception);
    }

    protected abstract void SetResult(ReadOnlySpan<byte> json);

    protected abstract void SetException(Exception exception);

    protected abstract void SetCancelled();

    private static RpcException ReadError(ReadOnlySpan<byte> json)
    {
        int code = RpcErrorCodes.ServerError;
        string text = "The peer answered with an error.";
        JsonElement? data = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty member in document.RootElement.EnumerateObject())
                {
                    switch (member.Name)
                    {
                        case "code" when member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out int number):
                            code = number;
                            break;
                        case "message" when member.Value.ValueKind == JsonValueKind.String:
                            text = member.Value.GetString()!;
                            break;
                        case "data" when member.Value.ValueKind != JsonValueKind.Null:
                            data = member.Value.Clone();
                            break;
                    }
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The reader accepted the JSON already; only text that is no UTF-8 gets here, and the code read so far stands.
        }

        return new RpcException(code, text, data);
    }

    private void Finish()
    {
        CancellationTokenRegistration registration;
        lock (_gate)
        {
            _isDone = true;
            registration = _registration;
        }

        // Unregister instead of Dispose: the callback may be what runs this, and waiting for it would never end.
        registration.Unregister();
        _progress?.ForEach(connection.Progress.Remove);
        _producers?.ForEach(connection.Producers.Remove);
    }

    private void SendCancel()
    {
        if (!connection.Outgoing.Contains(Id))
        {
            return;
        }

        using MessageWriter writer = MessageWriter.Rent();
        writer.BeginNotification(ProtocolMethods.Cancel);
        writer.Json.WriteStartObject();
        writer.Json.WriteNumber("id"u8, Id);
        writer.Json.WriteEndObject();
        writer.End();
        connection.Outbox.Append(writer.Finish());
    }
}

/// <inheritdoc />
internal class OutgoingCall<TResult>(RpcConnection connection, JsonTypeInfo<TResult>? result, CancellationToken cancellationToken)
    : OutgoingCall(connection, cancellationToken)
{
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Task => _completion.Task;

    protected override void SetResult(ReadOnlySpan<byte> json) => _completion.TrySetResult(Read(json));

    protected override void SetException(Exception exception) => _completion.TrySetException(exception);

    protected override void SetCancelled() => _completion.TrySetCanceled(CancellationToken);

    protected virtual TResult Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, result!)!;
}
