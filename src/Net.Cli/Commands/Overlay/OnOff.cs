namespace Net.Cli.Commands;

/// <summary>The values of an option that turns something on or off.</summary>
internal enum OnOff
{
    /// <summary>Turned on.</summary>
    On,

    /// <summary>Turned off.</summary>
    Off,
}
