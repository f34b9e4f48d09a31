using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Net.Platform.Linux;
using Net.Workers;

namespace Net.Worker.Overlay;

/// <summary>How a shard is told things and woken up: commands of the engine, and packets of other shards that wait in their rings. Any thread posts and wakes; the shard's takes and sleeps.</summary>
internal sealed class ShardMailbox : IDisposable
{
    private readonly ConcurrentQueue<WorkerMessage> _commands = new();
    private readonly Wakeup _wakeup = new();
    private int _hasCommands;
    private int _isAsleep;

    /// <summary>Becomes readable when there is something to look for.</summary>
    public SafeHandle WakeupHandle => _wakeup.Handle;

    /// <summary>Gives the shard a command.</summary>
    public void Post(WorkerMessage command)
    {
        _commands.Enqueue(command);
        Volatile.Write(ref _hasCommands, 1);
        _wakeup.Signal();
    }

    /// <summary>Makes the shard look around, whatever for.</summary>
    public void Wake() => _wakeup.Signal();

    /// <summary>Wakes the shard if it sleeps, after something was put into a ring. A system call only then.</summary>
    public void WakeIfAsleep()
    {
        // What was put in must be visible before it is looked whether the shard sleeps: it does both the other way round, so one of the two sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) != 0 && Interlocked.Exchange(ref _isAsleep, 0) != 0)
        {
            _wakeup.Signal();
        }
    }

    /// <summary>The shard is about to sleep; it looks at its rings once more after this.</summary>
    public void FallAsleep()
    {
        Volatile.Write(ref _isAsleep, 1);
        Interlocked.MemoryBarrier();
    }

    /// <summary>The shard is awake.</summary>
    public void StayAwake() => Volatile.Write(ref _isAsleep, 0);

    /// <summary>The shard saw that it was woken.</summary>
    public void Clear() => _wakeup.Clear();

    /// <summary>Whether commands came since the last call. Cheap: it is asked in every round of the packet loop.</summary>
    public bool HasCommands()
    {
        if (Volatile.Read(ref _hasCommands) == 0)
        {
            return false;
        }

        // Before the commands are taken: one that comes meanwhile is asked for again.
        Interlocked.Exchange(ref _hasCommands, 0);
        return true;
    }

    /// <summary>Takes the next command, if there is one.</summary>
    public bool TryTake(out WorkerMessage? command) => _commands.TryDequeue(out command);

    /// <inheritdoc />
    public void Dispose() => _wakeup.Dispose();
}
