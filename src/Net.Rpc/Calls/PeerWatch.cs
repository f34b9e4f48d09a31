using System.Text.Json;

namespace Net.Rpc.Calls;

/// <summary>Closes the connection to a peer that is silent where it should not be.</summary>
internal sealed class PeerWatch(RpcConnection connection) : IDisposable
{
    private readonly Lock _gate = new();
    private ITimer? _messageTimer;
    private ITimer? _silenceTimer;
    private long _lastReceived;
    private bool _isDisposed;
    private int _probing;

    private RpcConnectionOptions Options => connection.Options;

    public void Start()
    {
        _lastReceived = Options.TimeProvider.GetTimestamp();
        TimeSpan shortest = Shorter(Options.IdleTimeout, Options.KeepAliveInterval);
        if (shortest == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        // Checked at a quarter of the time, so that a closure is late by at most that.
        TimeSpan period = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, shortest.Ticks / 4));
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _silenceTimer = Options.TimeProvider.CreateTimer(static state => ((PeerWatch)state!).CheckSilence(), this, period, period);
            }
        }
    }

    /// <summary>Awaits a read. A message that has begun must go on within the message timeout.</summary>
    public ValueTask<int> WhileReadingAsync(ValueTask<int> read, bool isInsideMessage)
    {
        if (!read.IsCompletedSuccessfully)
        {
            return AwaitAsync(read, isInsideMessage);
        }

        Volatile.Write(ref _lastReceived, Options.TimeProvider.GetTimestamp());
        return read;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _messageTimer?.Dispose();
            _silenceTimer?.Dispose();
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan ? other : other == Timeout.InfiniteTimeSpan || one < other ? one : other;

    private async ValueTask<int> AwaitAsync(ValueTask<int> read, bool isInsideMessage)
    {
        if (isInsideMessage)
        {
            ArmMessageTimer(Options.MessageTimeout);
        }

        int count = await read.ConfigureAwait(false);
        if (isInsideMessage)
        {
            ArmMessageTimer(Timeout.InfiniteTimeSpan);
        }

        Volatile.Write(ref _lastReceived, Options.TimeProvider.GetTimestamp());
        return count;
    }

    private void ArmMessageTimer(TimeSpan time)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _messageTimer ??= Options.TimeProvider.CreateTimer(
                static state => ((PeerWatch)state!).OnMessageTimeout(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _messageTimer.Change(time, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnMessageTimeout() => connection.Close(RpcCloseReason.IdleTimeout, "The peer began a message and did not end it.");

    private void CheckSilence()
    {
        TimeSpan silence = Options.TimeProvider.GetElapsedTime(Volatile.Read(ref _lastReceived));
        bool isIdle = !connection.Incoming.IsAnyOpen && !connection.Outgoing.IsAnyOpen && !connection.Producers.IsAnyOpen;
        if (Options.IdleTimeout != Timeout.InfiniteTimeSpan && silence >= Options.IdleTimeout && isIdle)
        {
            connection.Close(RpcCloseReason.IdleTimeout, "The peer was silent for too long.");
        }
        else if (Options.KeepAliveInterval != Timeout.InfiniteTimeSpan && silence >= Options.KeepAliveInterval)
        {
            if (silence >= Options.KeepAliveInterval * 2)
            {
                connection.Close(RpcCloseReason.NotResponding, "The peer did not answer a keep-alive request.");
            }
            else if (Interlocked.Exchange(ref _probing, 1) == 0)
            {
                _ = ProbeAsync();
            }
        }
    }

    private async Task ProbeAsync()
    {
        try
        {
            await connection.InvokeAsync(ProtocolMethods.KeepAlive, RpcNothing.Value, RpcNothing.TypeInfo, RpcNothing.TypeInfo).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or IOException or JsonException)
        {
            // Any answer will do; most peers say that there is no such method.
        }
        finally
        {
            Volatile.Write(ref _probing, 0);
        }
    }
}
