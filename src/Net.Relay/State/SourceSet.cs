namespace Net.Relay;

/// <summary>The last few sources of a flow.</summary>
public sealed class SourceSet
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 8;
}
