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
        List<T> found = Find([.. names.Select(name => new Wanted(name))], out IReadOnlyList<string> missing);
        foreach (T item in found.Where(item => filter is null || filter(item)))
        {
            WriteObject(item);
        }

        Report(missing);
    }

    /// <summary>The things that answer to what is wanted. A name nothing answers to is reported as an error.</summary>
    private protected IReadOnlyList<T> Find(IReadOnlyList<Wanted> wanted)
    {
        List<T> found = Find(wanted, out IReadOnlyList<string> missing);
        Report(missing);
        return found;
    }

    private List<T> Find(IReadOnlyList<Wanted> wanted, out IReadOnlyList<string> missing)
    {
        Selection<T>? found = null;
        string[] target = [.. wanted.Select(one => one.Name)];
        bool done = Run(async (engine, _, token) => found = await Selection<T>.ReadAsync(Kind, wanted, engine, token), target);
        missing = done ? found!.Missing : [];
        return done ? [.. found!.Items] : [];
    }

    private void Report(IReadOnlyList<string> missing)
    {
        foreach (string name in missing)
        {
            Fail(Kind.Missing(name), name);
        }
    }
}
