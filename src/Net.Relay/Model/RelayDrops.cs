namespace Net.Relay;

/// <summary>Numbers about <see cref="RelayDrop"/>.</summary>
public static class RelayDrops
{
    /// <summary>How many reasons there are: the length of every array that counts by reason.</summary>
    public const int Count = (int)RelayDrop.Ring + 1;
}
