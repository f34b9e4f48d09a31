using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Net.Rpc.Calls;

/// <summary>Binds a request object and, beside its members, a progress token.</summary>
internal sealed class ProgressBinder<TRequest, TProgress>(JsonTypeInfo<TRequest> request, JsonTypeInfo<TProgress> progress)
    : ArgumentBinder<RequestWithProgress<TRequest, TProgress>>
{
    private static readonly byte[] s_name = Encoding.UTF8.GetBytes(RpcDispatcher.ProgressName);
    private readonly RecordBinder<TRequest> _binder = new(request);

    public override RequestWithProgress<TRequest, TProgress> Bind(ReadOnlySpan<byte> arguments, RpcConnection connection)
    {
        TRequest value = _binder.Bind(arguments, s_name, out ReadOnlySpan<byte> token);
        try
        {
            IProgress<TProgress> sink = token.IsEmpty
                ? NullProgress<TProgress>.Instance
                : RemoteProgress<TProgress>.Read(token, connection, progress);
            return new RequestWithProgress<TRequest, TProgress>(value, sink);
        }
        catch (System.Text.Json.JsonException)
        {
            throw WrongValue(RpcDispatcher.ProgressName, null);
        }
    }
}
