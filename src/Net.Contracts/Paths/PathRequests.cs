namespace Net.Contracts;

/// <summary>Asks for paths.</summary>
/// <param name="Names">Path ids or interface names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListPaths(string[]? Names = null);

/// <summary>Asks for paths now and each one again whenever its state, selection or measured values change.</summary>
/// <param name="Names">Path ids or interface names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
/// <param name="StateOnly">Whether to leave out changes of measured values alone.</param>
public sealed record WatchPaths(string[]? Names = null, bool StateOnly = false);

/// <summary>A path as it stands after a change.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="Path">The path; its last state when it was removed.</param>
/// <param name="Time">When the engine saw the change.</param>
public sealed record PathChange(PathChangeKind Kind, NetPath Path, DateTimeOffset Time);

/// <summary>Measures paths by ICMP echo, bound to each path's interface.</summary>
/// <param name="Names">Path ids or interface names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
/// <param name="Count">Probes per path, 1 to 1000.</param>
/// <param name="Interval">Time between probes, at least 1 ms; null for 100 ms.</param>
/// <param name="Timeout">How long to wait for each reply; null for one second.</param>
/// <param name="Target">An address to ask instead of the gateway, or null.</param>
public sealed record MeasurePaths(string[]? Names = null, int Count = 10, TimeSpan? Interval = null, TimeSpan? Timeout = null, string? Target = null);

/// <summary>Asks for the routes of the configuration.</summary>
/// <param name="Names">Names, with <c>*</c> and <c>?</c>; null or empty means all.</param>
public sealed record ListPathRoutes(string[]? Names = null);

/// <summary>Adds routes, all or none.</summary>
/// <param name="Routes">The routes.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record CreatePathRoutes(NetPathRoute[] Routes, ChangeOptions? Change = null);

/// <summary>Replaces routes by name, all or none.</summary>
/// <param name="Routes">The routes as they shall be.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record SetPathRoutes(NetPathRoute[] Routes, ChangeOptions? Change = null);

/// <summary>Removes routes by exact name, all or none.</summary>
/// <param name="Names">The names.</param>
/// <param name="Change">How to make the change; null means at once.</param>
public sealed record RemovePathRoutes(string[] Names, ChangeOptions? Change = null);

/// <summary>What became of a change of routes.</summary>
/// <param name="Routes">The routes as they stand now, or stood before they were removed.</param>
/// <param name="Outcome">What became of the transaction.</param>
public sealed record PathRoutesChanged(NetPathRoute[] Routes, ChangeOutcome Outcome);
