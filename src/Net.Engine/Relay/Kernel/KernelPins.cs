using System.Globalization;
using System.Runtime.Versioning;
using Net.Platform.Linux.Relay;

namespace Net.Engine.Relay.Kernel;

/// <summary>The files that keep what one kernel engine loaded alive. Below the folder, "links" has a link for each input interface, named by its index; folders with a number have maps
/// and programs, of which only the newest is used. Nothing is done, and the reason kept, where there is no BPF file system that we may write.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelPins
{
    private readonly string? _folder;

    /// <summary>Finds out whether pinning is possible.</summary>
    /// <param name="root">The folder of <see cref="KernelRelayOptions.PinFolder"/>.</param>
    /// <param name="name">The engine's part of it.</param>
    internal KernelPins(string? root, string name)
    {
        if (root is null)
        {
            WhyNot = "nothing is kept, by configuration";
            return;
        }

        try
        {
            if (!BpfFileSystem.Contains(root))
            {
                WhyNot = $"{root} is in no BPF file system (mount -t bpf bpf /sys/fs/bpf)";
                return;
            }

            string folder = Path.Combine(root, name);
            Directory.CreateDirectory(Path.Combine(folder, "links"));
            _folder = folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            WhyNot = $"{root} cannot be written: {exception.Message}";
        }
    }

    /// <summary>Why nothing is pinned, as a clause; null when it is.</summary>
    internal string? WhyNot { get; }

    /// <summary>Links that are pinned, by interface.</summary>
    internal IEnumerable<(int InterfaceIndex, string Path)> Links()
    {
        if (_folder is not null)
        {
            foreach (string path in Directory.EnumerateFiles(Path.Combine(_folder, "links")).ToList())
            {
                if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                {
                    yield return (index, path);
                }
            }
        }
    }

    /// <summary>Folders with maps, the newest first.</summary>
    internal IReadOnlyList<string> Sets() => _folder is null || !Directory.Exists(_folder)
        ? []
        : [.. Directory.EnumerateDirectories(_folder).Where(path => NumberOf(path) >= 0).OrderByDescending(NumberOf)];

    /// <summary>Pins a set.</summary>
    /// <param name="set">The set.</param>
    /// <returns>Its folder; null when nothing is pinned.</returns>
    internal string? Pin(KernelMapSet set)
    {
        if (_folder is null)
        {
            return null;
        }

        int number = Sets().Select(NumberOf).DefaultIfEmpty(0).Max() + 1;
        string folder = Path.Combine(_folder, number.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(folder);
        set.Pin(folder);
        return folder;
    }

    /// <summary>Pins a link.</summary>
    /// <param name="link">The link.</param>
    /// <param name="interfaceIndex">Its interface.</param>
    internal void Pin(BpfLink link, int interfaceIndex)
    {
        if (_folder is not null)
        {
            string path = LinkPath(interfaceIndex);
            Directory.CreateDirectory(Path.Combine(_folder, "links"));
            File.Delete(path);
            link.Pin(path);
        }
    }

    /// <summary>Whether a link's file is there, or needs not be.</summary>
    /// <param name="interfaceIndex">Its interface.</param>
    internal bool HasLink(int interfaceIndex) => _folder is null || File.Exists(LinkPath(interfaceIndex));

    /// <summary>Takes the file of a link away.</summary>
    /// <param name="interfaceIndex">Its interface.</param>
    internal void Unpin(int interfaceIndex)
    {
        if (_folder is not null)
        {
            File.Delete(LinkPath(interfaceIndex));
        }
    }

    /// <summary>Takes all sets away but one.</summary>
    /// <param name="kept">Its folder; null for none.</param>
    internal void UnpinSets(string? kept)
    {
        foreach (string folder in Sets())
        {
            if (folder != kept)
            {
                DeleteFolder(folder);
            }
        }
    }

    /// <summary>Takes everything away, the folder too.</summary>
    internal void Remove()
    {
        if (_folder is not null && Directory.Exists(_folder))
        {
            UnpinSets(null);
            DeleteFolder(Path.Combine(_folder, "links"));
            Directory.Delete(_folder);
        }
    }

    private static int NumberOf(string path) => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;

    // The file system knows no recursive way.
    private static void DeleteFolder(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).ToList())
        {
            File.Delete(file);
        }

        Directory.Delete(folder);
    }

    private string LinkPath(int interfaceIndex) => Path.Combine(_folder!, "links", interfaceIndex.ToString(CultureInfo.InvariantCulture));
}
