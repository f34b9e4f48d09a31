using Net.PowerShell.Connection;

namespace Net.PowerShell.Completion;

/// <summary>Completes differentiated services code points (RFC 4594).</summary>
public sealed class DscpCompleter : EngineCompleter
{
    private static readonly Candidate[] Points =
    [
        new("ef", "46: telephony"), new("cs0", "0: best effort"), new("le", "1: less than best effort"), new("va", "44: admitted telephony"),
        .. from priority in Enumerable.Range(1, 7) select new Candidate($"cs{priority}", $"{priority * 8}: class {priority}"),
        .. from priority in Enumerable.Range(1, 4)
           from drop in Enumerable.Range(1, 3)
           select new Candidate($"af{priority}{drop}", $"{(priority * 8) + (drop * 2)}: class {priority}, dropped {(drop == 1 ? "last" : drop == 2 ? "second" : "first")}"),
    ];

    private protected override Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Candidate>>(Points);
}
