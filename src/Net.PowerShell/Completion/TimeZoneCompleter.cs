using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes time zones by their IANA names.</summary>
public sealed class TimeZoneCompleter : EngineCompleter
{
    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) =>
        Task.FromResult(TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId).Select(zone => new Candidate(zone.Id, zone.DisplayName)));
}
