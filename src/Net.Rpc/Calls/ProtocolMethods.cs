namespace Net.Rpc.Calls;

/// <summary>The methods that belong to the protocol itself.</summary>
internal static class ProtocolMethods
{
    public const string Cancel = "$/cancelRequest";
    public const string Progress = "$/progress";
    public const string Next = "$/enumerator/next";
    public const string Abort = "$/enumerator/abort";
    public const string KeepAlive = "$/keepAlive";
}
