namespace Net.Rpc.Calls;

/// <summary>Takes the reports of a call whose caller wants none.</summary>
internal sealed class NullProgress<T> : IProgress<T>
{
    public static NullProgress<T> Instance { get; } = new();

    public void Report(T value)
    {
        // The caller sent no token, so there is nobody to tell.
    }
}
