namespace Net.Service;

/// <summary>How log lines look.</summary>
internal enum LogFormat
{
    /// <summary>For people at a terminal.</summary>
    Console,

    /// <summary>For the journal: the level as a &lt;n&gt; prefix (sd-daemon(3)).</summary>
    Systemd,

    /// <summary>One JSON object a line, for collectors.</summary>
    Json,
}
