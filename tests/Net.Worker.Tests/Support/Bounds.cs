namespace Net.Worker.Tests.Support;

/// <summary>How long to wait for what has to come.</summary>
internal static class Bounds
{
    /// <summary>Everything here takes fractions of a second on an idle machine; a loaded one gets many times that.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(40);

    /// <summary>For what must not come; a pass does not depend on how long it is.</summary>
    public static readonly TimeSpan Absence = TimeSpan.FromMilliseconds(150);
}
