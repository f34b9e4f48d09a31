namespace Net.Relay.Tests.Membership;

/// <summary>Packets a kernel sent, from tests/data/membership.</summary>
internal static class Corpus
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "data", "membership");

    public static IReadOnlyList<string> Names => [.. Directory.EnumerateFiles(Folder, "*.hex").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    public static byte[] Read(string name) => Convert.FromHexString(File.ReadAllText(Path.Combine(Folder, name + ".hex")).Trim());
}
