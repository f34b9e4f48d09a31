namespace Net.Engine.Paths;

/// <summary>Fixed numbers of the probing.</summary>
internal static class PathProbes
{
    /// <summary>Over how many of the newest probes loss is counted: one lost reply shows as one percent.</summary>
    public const int LossWindow = 100;
}
