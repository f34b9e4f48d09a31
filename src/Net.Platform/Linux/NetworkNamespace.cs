using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>A network namespace. Work runs in it on a thread of its own, which leaves the namespace and ends afterwards: sockets opened there stay in it.
/// The work must not start tasks or timers: the runtime may start pool threads from the calling thread, and those would stay in the namespace.</summary>
[SupportedOSPlatform("linux")]
public sealed class NetworkNamespace : IDisposable
{
    private const string Folder = "/run/netns";
    private const string OwnPath = "/proc/thread-self/ns/net";
    private readonly SafeDescriptor _fd;

    // Known for a namespace opened as the calling thread's: "net:[4026531840]".
    private readonly string? _identity;

    private NetworkNamespace(SafeDescriptor fd, string path, string? identity)
    {
        _fd = fd;
        _identity = identity;
        Path = path;
    }

    /// <summary>The file it was opened from.</summary>
    public string Path { get; }

    /// <summary>Opens a named namespace.</summary>
    /// <param name="name">Its name under /run/netns.</param>
    /// <returns>The namespace.</returns>
    public static NetworkNamespace Open(string name) => OpenPath(PathOf(name));

    /// <summary>Opens the namespace of a process.</summary>
    /// <param name="processId">The process.</param>
    /// <returns>The namespace.</returns>
    public static NetworkNamespace Open(int processId) => OpenPath(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/ns/net"));

    /// <summary>Opens the namespace of the calling thread.</summary>
    /// <returns>The namespace.</returns>
    public static NetworkNamespace OpenCurrent() => OpenPath(OwnPath, ReadCurrentIdentity());

    /// <summary>Whether a named namespace exists.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True when it does.</returns>
    public static bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>Names of all named namespaces.</summary>
    /// <returns>The names.</returns>
    public static IReadOnlyList<string> GetNames() =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];

    /// <summary>Makes a named namespace, as "ip netns add" does, and switches its loopback interface on.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The namespace, open.</returns>
    public static NetworkNamespace Create(string name)
    {
        string path = PathOf(name);
        PrepareFolder();
        using (SafeDescriptor file = Libc.open(path, Libc.O_RDONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC, 0))
        {
            Check(file.IsInvalid ? -1 : 0, $"create {path}");
        }

        try
        {
            OnNewThread(() =>
            {
                Check(Libc.unshare(Libc.CLONE_NEWNET), "unshare the network namespace");
                Check(Libc.mount(OwnPath, path, "none", Libc.MS_BIND, null), $"mount {path}");
            });
            NetworkNamespace created = OpenPath(path);
            created.Run(() =>
            {
                using var netlink = new RouteNetlink();
                netlink.SetLinkUp(interfaceIndex: 1, isUp: true);
            });
            return created;
        }
        catch
        {
            Delete(name);
            throw;
        }
    }

    /// <summary>Removes a named namespace; it lives on while processes or sockets are in it. Nothing happens when there is none.</summary>
    /// <param name="name">Its name.</param>
    public static void Delete(string name)
    {
        string path = PathOf(name);
        if (File.Exists(path))
        {
            // Not mounted when its making failed half-way: then the file alone goes.
            Libc.umount2(path, Libc.MNT_DETACH);
            File.Delete(path);
        }
    }

    /// <summary>Runs work in the namespace and waits for it.</summary>
    /// <param name="work">The work.</param>
    public void Run(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        OnNewThread(() => Enter(work));
    }

    /// <summary>Runs work in the namespace and waits for its result.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="work">The work.</param>
    /// <returns>Its result.</returns>
    public T Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        T result = default!;
        OnNewThread(() => Enter(() => result = work()));
        return result;
    }

    /// <summary>Runs work in the namespace without waiting.</summary>
    /// <typeparam name="T">Type of the result.</typeparam>
    /// <param name="work">The work.</param>
    /// <returns>Its result.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure goes to the awaiting caller.")]
    public Task<T> RunAsync<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            T result = default!;
            try
            {
                Enter(() => result = work());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
                return;
            }

            done.SetResult(result);
        })
        {
            IsBackground = true,
            Name = "network namespace",
        }.Start();
        return done.Task;
    }

    /// <inheritdoc />
    public void Dispose() => _fd.Dispose();

    private static string? ReadCurrentIdentity() => new FileInfo(OwnPath).LinkTarget;

    private static NetworkNamespace OpenPath(string path, string? identity = null)
    {
        SafeDescriptor fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        Check(fd.IsInvalid ? -1 : 0, $"open {path}");
        return new NetworkNamespace(fd, path, identity);
    }

    private static string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/', StringComparison.Ordinal) || name is "." or "..")
        {
            throw new ArgumentException($"'{name}' is no name for a network namespace.", nameof(name));
        }

        return $"{Folder}/{name}";
    }

    // Namespaces are mounts: the folder is made a shared mount of itself, so that every mount namespace sees them come and go.
    private static void PrepareFolder()
    {
        Directory.CreateDirectory(Folder);
        if (Libc.mount("", Folder, "none", Libc.MS_SHARED | Libc.MS_REC, null) == 0)
        {
            return;
        }

        Check(Libc.mount(Folder, Folder, "none", Libc.MS_BIND | Libc.MS_REC, null), $"mount {Folder}");
        Check(Libc.mount("", Folder, "none", Libc.MS_SHARED | Libc.MS_REC, null), $"share {Folder}");
    }

    private static void OnNewThread(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
            Name = "network namespace",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new Win32Exception(error, $"{step}: {Libc.Describe(error)} (errno {error})");
        }
    }

    private void Enter(Action work)
    {
        // Entering takes CAP_SYS_ADMIN; where we already are, nothing must be entered.
        if (_identity is not null && _identity == ReadCurrentIdentity())
        {
            work();
            return;
        }

        using NetworkNamespace home = OpenCurrent();
        Check(Libc.setns(_fd, Libc.CLONE_NEWNET), $"enter {Path}");
        try
        {
            work();
        }
        finally
        {
            // Completing a task may make the runtime start a pool thread from here; it must not start inside.
            Check(Libc.setns(home._fd, Libc.CLONE_NEWNET), "leave the network namespace");
        }
    }
}
