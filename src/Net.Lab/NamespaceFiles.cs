namespace Net.Lab;

/// <summary>The files by which <c>ip netns</c> holds namespaces.</summary>
internal static class NamespaceFiles
{
    public const string Folder = "/run/netns";

    public static string PathOf(string name) => $"{Folder}/{name}";

    public static bool Exists(string name) => File.Exists(PathOf(name));
}
