using Net.Benchmarks.Harness;
using Net.Testing.Faults;

namespace Net.Benchmarks;

/// <summary>Runs what the command line asks for and shows it.</summary>
internal static class Sessions
{
    /// <summary>Exit code 1 when a case could not be measured; a missed target is for the reader to judge.</summary>
    public static async Task<int> BenchAsync(CommandLine command, CancellationToken cancellationToken)
    {
        Func<IBenchmark>[] selected = [.. Catalogue.Benchmarks.Where(entry => IsWanted(command, entry.Area)).Select(entry => (Func<IBenchmark>)(() => entry.Create(command)))];
        if (selected.Length == 0)
        {
            return NothingIn(command, Catalogue.Benchmarks.Select(entry => entry.Area));
        }

        BenchmarkRunner runner = new(command.Rounds, text => Console.Error.WriteLine($"... {text}"), command.Only);
        IReadOnlyList<BenchmarkRow> rows = await runner.RunAsync(selected, cancellationToken);
        Console.Write(BenchmarkReport.ToText(rows, command.Rounds));
        await WriteAsync(command, BenchmarkReport.ToJson(rows), cancellationToken);
        return rows.Any(row => row.Error is not null) ? 1 : 0;
    }

    /// <summary>Exit code 1 when a fault was not recovered from in time.</summary>
    public static async Task<int> SoakAsync(CommandLine command, CancellationToken cancellationToken)
    {
        IFault[] selected = [.. Catalogue.Faults.Where(entry => IsWanted(command, entry.Area)).SelectMany(entry => entry.Create())];
        if (selected.Length == 0 && !Catalogue.Soaks.Any(entry => IsWanted(command, entry.Area)))
        {
            return NothingIn(command, Catalogue.Faults.Select(entry => entry.Area).Concat(Catalogue.Soaks.Select(entry => entry.Area)));
        }

        FaultRunner runner = new(TimeProvider.System) { Rounds = command.Rounds };
        List<FaultResult> results = [.. await runner.RunAsync(selected, ShowProgress, cancellationToken)];
        foreach (IFault fault in selected)
        {
            if (fault is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }

        foreach ((_, Func<TimeSpan, Action<FaultResult>, CancellationToken, Task<IReadOnlyList<FaultResult>>> runAsync) in Catalogue.Soaks.Where(entry => IsWanted(command, entry.Area)))
        {
            results.AddRange(await runAsync(TimeSpan.FromMinutes(command.Minutes), ShowProgress, cancellationToken));
        }

        Console.Write(FaultReport.ToText(results, command.Rounds));
        await WriteAsync(command, FaultReport.ToJson(results), cancellationToken);
        return results.All(result => result.Met) ? 0 : 1;
    }

    private static void ShowProgress(FaultResult result) =>
        Console.Error.WriteLine($"... {result.Area}: {result.Fault}: {result.Recovered} of {result.Tried} recovered{(result.Errors.Count == 0 ? string.Empty : $" ({result.Errors[0]})")}");

    private static bool IsWanted(CommandLine command, string area) => command.Area is null || string.Equals(command.Area, area, StringComparison.OrdinalIgnoreCase);

    private static int NothingIn(CommandLine command, IEnumerable<string> areas)
    {
        string known = string.Join(", ", areas.Distinct(StringComparer.Ordinal));
        Console.Error.WriteLine($"There is nothing to {command.Mode} in {command.Area ?? "any area"}. Areas: {(known.Length == 0 ? "none yet" : known)}.");
        return 2;
    }

    private static async Task WriteAsync(CommandLine command, string json, CancellationToken cancellationToken)
    {
        if (command.JsonFile is string file)
        {
            await File.WriteAllTextAsync(file, json, cancellationToken);
            Console.Error.WriteLine($"... written to {file}");
        }
    }
}
