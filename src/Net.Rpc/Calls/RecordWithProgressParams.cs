using System.Text.Json.Serialization.Metadata;
using Net.Rpc.Wire;

namespace Net.Rpc.Calls;

/// <summary>The members of a request object and a progress token.</summary>
internal readonly struct RecordWithProgressParams<T, TProgress>(
    T value, JsonTypeInfo<T> info, IProgress<TProgress> progress, JsonTypeInfo<TProgress> progressInfo) : IParamsWriter
{
    public void Write(MessageWriter writer, RpcConnection connection, OutgoingCall? call)
    {
        long token = connection.Progress.Add(call!, new ProgressSink<TProgress>(progress, progressInfo));
        writer.WriteNamedParams(value, info, RpcDispatcher.ProgressName, token);
    }
}
