using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Contracts;
using Net.Engine.Events;
using Net.Platform.Linux;

namespace Net.Engine.Rpc;

/// <summary>The Unix socket the engine is reached at: made only in a folder nobody else may write to, and open to its group alone.</summary>
[UnsupportedOSPlatform("windows")]
internal static class EngineSocket
{
    private const UnixFileMode SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    // sun_path of unix(7) takes 108 bytes with the zero at the end.
    private const int MaxPathBytes = 107;

    private const UnixFileMode Writable = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Opens the socket for clients.</summary>
    /// <param name="path">Where.</param>
    /// <param name="setGroup">Gives a path to the engine's group; answers why it could not, or null.</param>
    /// <param name="events">Hears of a group that could not be set.</param>
    /// <exception cref="EngineException">The folder is open to others, or another engine serves there.</exception>
    public static Socket Open(string path, Func<string, string?> setGroup, EventLog events)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The socket path {path} is longer than the {MaxPathBytes} bytes a Unix socket can have.", path);
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        PrepareFolder(folder, setGroup);
        RefuseIfServed(path);
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, SocketMode);
            if (setGroup(path) is { } problem)
            {
                events.Publish("SocketGroupNotSet", "engine", EventSeverity.Information, $"Only the engine's own user and root can open {path}: {problem}.");
            }

            socket.Listen(backlog: 256);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void PrepareFolder(string folder, Func<string, string?> setGroup)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, FolderMode);
            _ = setGroup(folder);
            return;
        }

        // Whoever may write to the folder could put a socket of his own in our place.
        UnixFileMode mode = File.GetUnixFileMode(folder);
        if ((mode & Writable) != 0 && (mode & UnixFileMode.StickyBit) == 0)
        {
            throw new EngineException(ErrorCatalogue.PermissionsTooWide, $"The socket folder {folder} can be written to by others (mode {Convert.ToString((int)mode, 8)}); it must be 0755 or narrower.", folder);
        }

        if (OperatingSystem.IsLinux() && UnixFiles.GetOwner(folder) is var owner and not 0 && owner != ProcessCapabilities.Read().Threads[0].UserId)
        {
            throw new EngineException(ErrorCatalogue.PermissionsTooWide, $"The socket folder {folder} belongs to the user with id {owner}; it must belong to root or to the engine's own user.", folder);
        }
    }

    private static void RefuseIfServed(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            // Nobody listens: it was left behind by a crash.
            return;
        }

        throw new EngineException(ErrorCatalogue.EngineAlreadyRuns, $"Another engine serves at {path}.", path);
    }
}
