using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Calls;
using Net.Rpc.Wire;

namespace Net.Rpc.Streams;

/// <summary>Fetches the items of a stream that the peer produces.</summary>
internal static class StreamConsumer
{
    /// <summary>The stream the caller passed as an argument.</summary>
    public static IAsyncEnumerable<T> FromArgument<T>(ReadOnlySpan<byte> json, RpcConnection connection, JsonTypeInfo<T> item)
    {
        StreamPage<T> page = StreamPage<T>.Read(json, item);
        return ReadAsync(connection, page, item);
    }

    /// <summary>The stream a request opens.</summary>
    public static async IAsyncEnumerable<T> OpenAsync<T, TParams>(
        RpcConnection connection, string method, TParams parameters, JsonTypeInfo<T> item, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TParams : struct, IParamsWriter
    {
        var call = new StreamPageCall<T>(connection, item, cancellationToken);
        StreamPage<T> page = await connection.SendRequestAsync(method, parameters, call, cancellationToken).ConfigureAwait(false);
        await foreach (T value in ReadAsync(connection, page, item, cancellationToken).ConfigureAwait(false))
        {
            yield return value;
        }
    }

    private static async IAsyncEnumerable<T> ReadAsync<T>(
        RpcConnection connection, StreamPage<T> page, JsonTypeInfo<T> item, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        bool isOpen = page.Token is not null && !page.IsFinished;
        RequestId token = page.Token ?? RequestId.Null;
        int aborted = 0;

        // Registered before any fetch registers its own: callbacks run newest first, so the fetch is cancelled, then the stream aborted.
        CancellationTokenRegistration registration = isOpen
            ? cancellationToken.UnsafeRegister(_ => Abort(connection, token, ref aborted), null)
            : default;
        try
        {
            while (true)
            {
                foreach (T value in page.Values)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return value;
                }

                if (!isOpen)
                {
                    yield break;
                }

                try
                {
                    page = await FetchAsync(connection, token, item, cancellationToken).ConfigureAwait(false);
                    isOpen = !page.IsFinished;
                }
                catch (RpcException)
                {
                    // A failed stream is over at the peer as well.
                    isOpen = false;
                    throw;
                }
            }
        }
        finally
        {
            await registration.DisposeAsync().ConfigureAwait(false);
            if (isOpen)
            {
                Abort(connection, token, ref aborted);
            }
        }
    }

    private static async Task<StreamPage<T>> FetchAsync<T>(
        RpcConnection connection, RequestId token, JsonTypeInfo<T> item, CancellationToken cancellationToken)
    {
        var call = new StreamPageCall<T>(connection, item, cancellationToken);
        return await connection.SendRequestAsync(ProtocolMethods.Next, new TokenParams(token), call, cancellationToken).ConfigureAwait(false);
    }

    private static void Abort(RpcConnection connection, RequestId token, ref int aborted)
    {
        if (Interlocked.Exchange(ref aborted, 1) != 0)
        {
            return;
        }

        using MessageWriter writer = MessageWriter.Rent();
        writer.BeginNotification(ProtocolMethods.Abort);
        new TokenParams(token).Write(writer, connection, null);
        writer.End();
        connection.Outbox.Append(writer.Finish());
    }
}
