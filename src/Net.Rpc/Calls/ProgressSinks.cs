namespace Net.Rpc.Calls;

/// <summary>The sinks of the calls that are open, by token. Tokens count from 0 per connection.</summary>
internal sealed class ProgressSinks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, ProgressSink> _sinks = [];
    private long _next;

    public long Add(OutgoingCall call, ProgressSink sink)
    {
        lock (_gate)
        {
            long token = _next++;
            _sinks.Add(token, sink);
            call.AddProgress(token);
            return token;
        }
    }

    public void Remove(long token)
    {
        lock (_gate)
        {
            _sinks.Remove(token);
        }
    }

    public ProgressSink? Find(long token)
    {
        lock (_gate)
        {
            return _sinks.GetValueOrDefault(token);
        }
    }
}
