namespace Net.Relay;

/// <summary>Which scopes the administrator lets leave by more than one hop.</summary>
/// <param name="AllowSite">Whether outputs to site-local groups may have a TTL above 1.</param>
/// <param name="AllowOrganization">Whether outputs to organization-local groups may.</param>
public readonly record struct ScopePolicy(bool AllowSite, bool AllowOrganization);
