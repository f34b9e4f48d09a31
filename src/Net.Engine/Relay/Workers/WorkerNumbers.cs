namespace Net.Engine.Relay.Workers;

/// <summary>Ids of descriptors, unique over all workers, and numbers of groups of rings.</summary>
internal sealed class WorkerNumbers
{
    // Numbers of groups are 16 bits wide and shared by all programs of a namespace; beginning with the process's id keeps two engines apart.
    private int _group = Environment.ProcessId;
    private int _id;

    /// <summary>The next id, from 1.</summary>
    public int NextId() => Interlocked.Increment(ref _id);

    /// <summary>The next number of a group.</summary>
    public int NextGroup() => Interlocked.Increment(ref _group) & ushort.MaxValue;
}
