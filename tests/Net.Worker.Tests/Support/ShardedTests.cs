namespace Net.Worker.Tests.Support;

/// <summary>Tests that hold whatever the number of shards of the nodes is.</summary>
public abstract class ShardedTests
{
    private static readonly AsyncLocal<int> s_shards = new();

    protected ShardedTests(int shards)
    {
        Shards = shards;
        s_shards.Value = shards;
    }

    /// <summary>How many shards nodes have that a test makes.</summary>
    public static int Current => Math.Max(1, s_shards.Value);

    /// <summary>How many shards nodes of this test have.</summary>
    protected int Shards { get; }
}
