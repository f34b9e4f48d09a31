using Net.Contracts;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of cmdlets that get things by name.</summary>
/// <typeparam name="T">The record of one thing.</typeparam>
public abstract class NamedItemCmdlet<T> : EngineCmdlet
    where T : class
{
    private protected abstract ItemKind<T> Kind { get; }

    /// <summary>Writes the things that answer to <paramref name="names"/> and pass <paramref name="filter"/>.
    /// A name nothing answers to is an error, a pattern is not.</summary>
    private protected void WriteNamed(string[] names, Func<T, bool>? filter = null)
    {
        Selection<T>? found = null;
        Wanted[] wanted = [.. names.Select(name => new Wanted(name))];
        if (!Run(async (engine, _, token) => found = await Selection<T>.ReadAsync(Kind, wanted, engine, token), names))
        {
            return;
        }

        foreach (T item in found!.Items.Where(item => filter is null || filter(item)))
        {
            WriteObject(item);
        }

        foreach (string name in found.Missing)
        {
            EngineException missing = Kind.Missing(name);
            Fail(missing, name);
        }
    }
}
