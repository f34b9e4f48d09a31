using System.Globalization;

namespace Net.Engine.State;

/// <summary>
/// The names in the folder of generations. <c>00000012.json</c> is generation 12 whole, <c>00000012.00000011.patch</c> its difference to
/// generation 11, and with <c>.damaged</c> behind it what was set aside. Where a generation is there in both forms, the whole one counts.
/// </summary>
internal sealed class GenerationFolder(string path)
{
    private const string WholeSuffix = ".json";
    private const string PatchSuffix = ".patch";
    private const string DamagedSuffix = ".damaged";

    /// <summary>The file of a whole generation, there or not.</summary>
    public string WholePathOf(long generation) => Path.Combine(path, Number(generation) + WholeSuffix);

    /// <summary>The file of a generation that is a difference to another, there or not.</summary>
    public string PatchPathOf(long generation, long baseGeneration) => Path.Combine(path, $"{Number(generation)}.{Number(baseGeneration)}{PatchSuffix}");

    /// <summary>The numbers of all generations that are there in any form, ascending.</summary>
    public long[] List() => [.. Files().Select(file => file.Generation).Distinct().Order()];

    /// <summary>The highest number a file has, damaged ones included; 0 when there is none.</summary>
    public long Highest() => Directory.EnumerateFiles(path).Select(file => NumberAt(file, 0) ?? 0).DefaultIfEmpty(0).Max();

    /// <summary>What a generation is a difference to; null when it is whole, or not there.</summary>
    public long? BaseOf(long generation) =>
        File.Exists(WholePathOf(generation)) ? null : Files().FirstOrDefault(file => file.Generation == generation && file.Base is not null).Base;

    /// <summary>How many of the files are a difference to each generation.</summary>
    public Dictionary<long, int> Dependents() => Files().Where(file => file.Base is not null).CountBy(file => file.Base!.Value).ToDictionary();

    /// <summary>The files of a generation.</summary>
    public string[] FilesOf(long generation) => [.. Files().Where(file => file.Generation == generation).Select(file => file.File)];

    /// <summary>Gives the files of a generation names they are not found by.</summary>
    public void SetAside(long generation)
    {
        foreach (string file in FilesOf(generation))
        {
            File.Move(file, file + DamagedSuffix, overwrite: true);
        }
    }

    /// <summary>Removes what was set aside of generations before <paramref name="generation"/>.</summary>
    public void DeleteDamagedBefore(long generation)
    {
        foreach (string file in Directory.EnumerateFiles(path, "*" + DamagedSuffix))
        {
            if (NumberAt(file, 0) < generation)
            {
                File.Delete(file);
            }
        }
    }

    private static string Number(long generation) => generation.ToString("D8", CultureInfo.InvariantCulture);

    private static long? NumberAt(string file, int place)
    {
        string[] parts = Path.GetFileName(file).Split('.');
        return place < parts.Length && long.TryParse(parts[place], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
    }

    private IEnumerable<(long Generation, long? Base, string File)> Files()
    {
        foreach (string file in Directory.EnumerateFiles(path))
        {
            if (NumberAt(file, 0) is not { } generation)
            {
                continue;
            }

            int dots = Path.GetFileName(file).Count(c => c == '.');
            if (dots == 1 && file.EndsWith(WholeSuffix, StringComparison.Ordinal))
            {
                yield return (generation, null, file);
            }
            else if (dots == 2 && file.EndsWith(PatchSuffix, StringComparison.Ordinal) && NumberAt(file, 1) is { } number && number < generation)
            {
                yield return (generation, number, file);
            }
        }
    }
}
