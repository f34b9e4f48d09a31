namespace Net.Overlay.Tests;

/// <summary>Byte vectors in tests/data/overlay: what an independent implementation made.</summary>
internal static class VectorFile
{
    public static string[] Lines(string name) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "overlay", name));

    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "overlay", name));

    public static Dictionary<string, byte[]> Named(string name) => Lines(name).Select(line => line.Split('=')).ToDictionary(parts => parts[0], parts => Convert.FromHexString(parts[1]));
}
