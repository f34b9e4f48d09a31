namespace Net.Firewall;

/// <summary>The time a rate counts in.</summary>
public enum RatePeriod
{
    /// <summary>1 second.</summary>
    Second,

    /// <summary>60 seconds.</summary>
    Minute,

    /// <summary>3,600 seconds.</summary>
    Hour,

    /// <summary>86,400 seconds.</summary>
    Day,
}
