namespace Net.Steering;

/// <summary>Whether a path's link can carry packets.</summary>
public enum LinkCondition
{
    /// <summary>Up, with carrier.</summary>
    Up,

    /// <summary>Up, without carrier: no cable, no radio, peer down.</summary>
    NoCarrier,

    /// <summary>Taken down by somebody.</summary>
    AdministrativelyDown,

    /// <summary>There is no such link.</summary>
    Absent,
}
