namespace Net.Rpc.Calls;

/// <summary>A request and where its progress goes.</summary>
internal readonly record struct RequestWithProgress<TRequest, TProgress>(TRequest Request, IProgress<TProgress> Progress);
