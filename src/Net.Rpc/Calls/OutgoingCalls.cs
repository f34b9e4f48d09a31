namespace Net.Rpc.Calls;

/// <summary>The requests that wait for an answer of the peer.</summary>
internal sealed class OutgoingCalls(long firstId)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, OutgoingCall> _open = [];
    private long _nextId = firstId;
    private Exception? _closed;

    public bool IsAnyOpen
    {
        get
        {
            lock (_gate)
            {
                return _open.Count > 0;
            }
        }
    }

    public void Add(OutgoingCall call)
    {
        lock (_gate)
        {
            if (_closed is not null)
            {
                throw _closed;
            }

            call.Id = _nextId++;
            _open.Add(call.Id, call);
        }
    }

    public bool Contains(long id)
    {
        lock (_gate)
        {
            return _open.ContainsKey(id);
        }
    }

    public OutgoingCall? Remove(long id)
    {
        lock (_gate)
        {
            return _open.Remove(id, out OutgoingCall? call) ? call : null;
        }
    }

    public void FailAll(Exception exception)
    {
        OutgoingCall[] calls;
        lock (_gate)
        {
            _closed = exception;
            calls = [.. _open.Values];
            _open.Clear();
        }

        foreach (OutgoingCall call in calls)
        {
            call.Fail(exception);
        }
    }
}
