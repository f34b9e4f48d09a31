using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>A child process that was started with one end of a <see cref="DescriptorChannel"/> as its descriptor 3, by posix_spawn(3): forking a runtime with
/// threads is not safe, and System.Diagnostics.Process cannot pass a socket. Disposing kills it if it still runs.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class SpawnedProcess : IDisposable
{
    /// <summary>The descriptor under which the child finds its end of the channel.</summary>
    public const int ChannelDescriptor = 3;

    // posix_spawn_file_actions_t is 80 bytes, posix_spawnattr_t 336, sigset_t 128 in glibc; musl's are no larger.
    private const int OpaqueBytes = 512;

    private readonly Lock _reaping = new();
    private readonly TaskCompletionSource<ProcessEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isReaped;

    private SpawnedProcess(int processId)
    {
        ProcessId = processId;
        new Thread(WaitForEnd, maxStackSize: 256 * 1024) { IsBackground = true, Name = $"child {processId}" }.Start();
    }

    /// <summary>Its id; free for others once <see cref="Ended"/> is complete.</summary>
    public int ProcessId { get; }

    /// <summary>Completes when it ended, never with an exception.</summary>
    public Task<ProcessEnd> Ended => _ended.Task;

    /// <summary>Starts a program. It gets /dev/null as its input, our output and error output, the channel as descriptor 3, and no other descriptor; all its
    /// signals are at their defaults.</summary>
    /// <param name="program">Path of the program; PATH is not searched.</param>
    /// <param name="arguments">Its arguments, without its own name.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="channelEnd">The channel's end; the caller disposes its own copy afterwards.</param>
    /// <returns>The process.</returns>
    /// <exception cref="Win32Exception">It could not be started; the message says why.</exception>
    public static SpawnedProcess Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, SafeHandle channelEnd)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(channelEnd);
        bool held = false;
        using var argv = new TextVector([program, .. arguments]);
        using var envp = new TextVector([.. environment.Select(pair => $"{pair.Key}={pair.Value}")]);
        try
        {
            channelEnd.DangerousAddRef(ref held);
            return new SpawnedProcess(Spawn(program, argv.Pointer, envp.Pointer, (int)channelEnd.DangerousGetHandle()));
        }
        finally
        {
            if (held)
            {
                channelEnd.DangerousRelease();
            }
        }
    }

    /// <summary>Kills it (SIGKILL); nothing happens when it ended already. Takes CAP_KILL when it runs as another user.</summary>
    public void Kill() => Signal(SpawnApi.SIGKILL);

    /// <summary>Asks it to end (SIGTERM); nothing happens when it ended already. Takes CAP_KILL when it runs as another user.</summary>
    public void Terminate() => Signal(SpawnApi.SIGTERM);

    /// <inheritdoc />
    public void Dispose() => Kill();

    private static int Spawn(string program, byte** argv, byte** envp, int channel)
    {
        byte* actions = stackalloc byte[OpaqueBytes];
        byte* attributes = stackalloc byte[OpaqueBytes];
        byte* signals = stackalloc byte[OpaqueBytes];
        Check(SpawnApi.posix_spawn_file_actions_init(actions), "prepare a process");
        Check(SpawnApi.posix_spawnattr_init(attributes), "prepare a process");
        try
        {
            fixed (byte* nowhere = "/dev/null\0"u8)
            {
                // Also when the channel is number 3 already: glibc clears its close-on-exec flag then.
                Check(SpawnApi.posix_spawn_file_actions_adddup2(actions, channel, ChannelDescriptor), "pass the channel");
                Check(SpawnApi.posix_spawn_file_actions_addopen(actions, 0, nowhere, Libc.O_RDONLY, 0), "pass an empty input");
            }

            CloseOthers(actions);
            _ = SpawnApi.sigfillset(signals);
            Check(SpawnApi.posix_spawnattr_setsigdefault(attributes, signals), "reset the signals");
            _ = SpawnApi.sigemptyset(signals);
            Check(SpawnApi.posix_spawnattr_setsigmask(attributes, signals), "reset the signal mask");
            Check(SpawnApi.posix_spawnattr_setflags(attributes, SpawnApi.POSIX_SPAWN_SETSIGDEF | SpawnApi.POSIX_SPAWN_SETSIGMASK), "prepare a process");
            int processId;
            fixed (byte* path = Encoding.UTF8.GetBytes(program + '\0'))
            {
                Check(SpawnApi.posix_spawn(&processId, path, actions, attributes, argv, envp), $"start {program}");
            }

            return processId;
        }
        finally
        {
            _ = SpawnApi.posix_spawnattr_destroy(attributes);
            _ = SpawnApi.posix_spawn_file_actions_destroy(actions);
        }
    }

    private static void CloseOthers(byte* actions)
    {
        try
        {
            Check(SpawnApi.posix_spawn_file_actions_addclosefrom_np(actions, ChannelDescriptor + 1), "close other descriptors");
        }
        catch (EntryPointNotFoundException)
        {
            // glibc before 2.34 and musl: what the runtime opens closes by itself, which is all that ought to be there.
        }
    }

    private static void Check(int error, string step)
    {
        if (error != 0)
        {
            throw new Win32Exception(error, $"{step}: {Libc.Describe(error)} (errno {error})");
        }
    }

    private void Signal(int signal)
    {
        // Not reaped means that the number is still this process, or what is left of it.
        lock (_reaping)
        {
            if (!_isReaped)
            {
                _ = SpawnApi.kill(ProcessId, signal);
            }
        }
    }

    private void WaitForEnd()
    {
        // First only looks, so that the number stays ours until Signal knows that it no longer is.
        while (SpawnApi.waitid(SpawnApi.P_PID, (uint)ProcessId, null, SpawnApi.WEXITED | SpawnApi.WNOWAIT) < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR)
        {
        }

        int status = 0;
        int reaped;
        lock (_reaping)
        {
            reaped = SpawnApi.waitpid(ProcessId, &status, 0);
            _isReaped = true;
        }

        // A parent that ignores SIGCHLD has its children reaped by the kernel: then how it ended is not known.
        _ended.TrySetResult(reaped == ProcessId ? ProcessEnd.FromStatus(status) : new ProcessEnd(null, null));
    }

    /// <summary>A null-terminated array of null-terminated texts, as execve(2) takes it.</summary>
    private sealed class TextVector : IDisposable
    {
        private readonly int _count;

        public TextVector(IReadOnlyList<string> texts)
        {
            _count = texts.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (int i = 0; i < _count; i++)
            {
                Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (int i = 0; i < _count; i++)
            {
                Marshal.FreeCoTaskMem((nint)Pointer[i]);
            }

            NativeMemory.Free(Pointer);
        }
    }
}
