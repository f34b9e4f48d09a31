using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Completion;

/// <summary>Completes names of one kind of things of the firewall.</summary>
/// <typeparam name="T">The record of one.</typeparam>
public sealed class FirewallNameCompleter<T> : EngineCompleter
    where T : class
{
    private protected override async Task<IEnumerable<Candidate>> AskAsync(IEngineCaller engine, CancellationToken cancellationToken)
    {
        ItemFamily<T> family = FirewallFamilies.Of<T>();
        T[] items = await family.KindToChange.ListAsync(engine, null, cancellationToken);
        return items.Select(item => new Candidate(family.Kind.Names(item)[0], family.Summary(item)));
    }
}
