using Net.Contracts;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Requests;

/// <summary>A kind of named thing the engine keeps, and how to ask for it.</summary>
/// <typeparam name="T">The record of one.</typeparam>
/// <param name="Noun">What people call it.</param>
/// <param name="NotFound">The failure when there is none of a name.</param>
/// <param name="Names">The names one answers to; the first is its own.</param>
/// <param name="Id">Its number, or 0 when the name is all it has.</param>
/// <param name="ListAsync">Asks the engine for those of some names, or for all.</param>
internal sealed record ItemKind<T>(
    string Noun,
    ErrorDefinition NotFound,
    Func<T, string[]> Names,
    Func<T, long> Id,
    Func<IEngineCaller, string[]?, CancellationToken, Task<T[]>> ListAsync)
{
    /// <summary>Asks for <paramref name="item"/> itself, whatever its name may look like.</summary>
    public Wanted Exactly(T item, int part = 0) => new(Names(item)[0], Id(item), IsExact: true, part);

    /// <summary>The failure for <paramref name="name"/>.</summary>
    public EngineException Missing(string name) => new(NotFound, $"No {Noun} is named '{name}'.", name);
}
