using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Net.Rpc.Calls;

/// <summary>Where the reports of the peer go.</summary>
internal abstract class ProgressSink
{
    public abstract void Report(ReadOnlySpan<byte> json);
}

/// <inheritdoc />
internal sealed class ProgressSink<T>(IProgress<T> sink, JsonTypeInfo<T> info) : ProgressSink
{
    public override void Report(ReadOnlySpan<byte> json) => sink.Report(JsonSerializer.Deserialize(json, info)!);
}
