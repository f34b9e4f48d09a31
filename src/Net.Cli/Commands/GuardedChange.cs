using Net.Cli.Hosting;
using Net.Client;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>Changes that start from what is there: read, change a part, write the whole back. Somebody may change it in between,
/// so the write names the generation that was read, and the change starts over when that is no longer in force.</summary>
internal static class GuardedChange
{
    private const int Attempts = 3;

    /// <summary>Runs the change.</summary>
    /// <param name="call">The call.</param>
    /// <param name="change">Reads and writes; gets the generation to name.</param>
    /// <param name="userNamesGeneration">Whether the user named a generation: then a conflict is the answer.</param>
    public static async Task<int> RunAsync(CliCall call, Func<long, Task<int>> change, bool userNamesGeneration)
    {
        for (int attempt = 1; ; attempt++)
        {
            EngineStatus status = await call.CallAsync(EngineApi.EngineStatus, new GetStatus());
            try
            {
                return await change(status.Generation);
            }
            catch (EngineException failure) when (failure.ErrorId == "ConfigurationChanged" && attempt < Attempts && !userNamesGeneration)
            {
                // Nothing was written: read again.
            }
        }
    }

    /// <summary>Fails for the first name without <c>*</c> and <c>?</c> that none of the things found has: patterns may match nothing, names may not.</summary>
    /// <exception cref="EngineException">A name is not there.</exception>
    public static void RequireAll(IEnumerable<string> names, IEnumerable<string> found, Func<ErrorDefinition> missing, string noun)
    {
        var known = new HashSet<string>(found, StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            if (new NamePattern(name).IsLiteral && !known.Contains(name))
            {
                throw new EngineException(missing(), $"There is no {noun} '{name}'.", name);
            }
        }
    }
}
