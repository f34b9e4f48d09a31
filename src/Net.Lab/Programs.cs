namespace Net.Lab;

/// <summary>Where the programs a lab starts are: fixed folders only, never PATH, because a lab runs as root.</summary>
internal static class Programs
{
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    // The Debian package that holds each program, for the error message.
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["ip"] = "iproute2",
        ["nft"] = "nftables",
        ["nsenter"] = "util-linux",
        ["ping"] = "iputils-ping",
        ["sysctl"] = "procps",
    };

    public static string Find(string program)
    {
        if (program.StartsWith('/'))
        {
            return File.Exists(program) ? program : throw new LabException($"There is no program {program}.");
        }

        if (program.Length > 0 && !program.Contains('/'))
        {
            foreach (string folder in Folders)
            {
                string path = $"{folder}/{program}";
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        string remedy = Packages.TryGetValue(program, out string? package) ? $" Install the package {package}." : string.Empty;
        throw new LabException($"The program '{program}' is not in {string.Join(", ", Folders)}.{remedy}");
    }
}
