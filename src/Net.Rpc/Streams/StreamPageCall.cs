using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Calls;

namespace Net.Rpc.Streams;

/// <summary>A request whose answer is a page of a stream.</summary>
internal sealed class StreamPageCall<T>(RpcConnection connection, JsonTypeInfo<T> item, CancellationToken cancellationToken)
    : OutgoingCall<StreamPage<T>>(connection, null, cancellationToken)
{
    protected override StreamPage<T> Read(ReadOnlySpan<byte> json) => StreamPage<T>.Read(json, item);
}
