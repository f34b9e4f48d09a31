using System.Text.RegularExpressions;

namespace Net.Build;

/// <summary>Reads <c>build/packages.txt</c>: <c>name  # reason; use</c> or <c>name  # reason; provides a b; use</c>.</summary>
internal static partial class PackageList
{
    public static IReadOnlyList<DebianPackage> Read(string file)
    {
        List<DebianPackage> packages = [];
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            Match match = Line().Match(line);
            if (!match.Success)
            {
                throw new BuildFailedException($"{Path.GetFileName(file)}({number}): expected `name  # reason; runtime|test|bench`.");
            }

            packages.Add(new DebianPackage(match.Groups["name"].Value, match.Groups["reason"].Value, match.Groups["use"].Value,
                match.Groups["provides"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }

        return packages;
    }

    [GeneratedRegex(@"^(?<name>[a-z0-9][a-z0-9.+-]+)\s+# (?<reason>[^;]+)(; provides (?<provides>[^;]+))?; (?<use>runtime|test|bench)$")]
    private static partial Regex Line();
}
