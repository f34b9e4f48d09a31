using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Net.Platform.Linux;
using Net.Platform.Linux.Interop;
using Net.Platform.Linux.Relay;

namespace Net.Platform.Tests.Linux;

/// <summary>What a locked thread cannot do any more. The lock is for good, so each test gives a thread of its own away.</summary>
public sealed unsafe partial class SeccompTests
{
    [Fact]
    public void A_locked_thread_makes_no_sockets()
    {
        OnLockedThread(() =>
        {
            SocketException refused = Assert.Throws<SocketException>(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
            Assert.Equal(SocketError.AccessDenied, refused.SocketErrorCode);
            using SafeDescriptor fd = Libc.socket(PacketApi.AF_PACKET, Libc.SOCK_RAW, 0);
            Assert.Equal((true, Libc.EPERM), (fd.IsInvalid, Marshal.GetLastPInvokeError()));
        });
    }

    [Fact]
    public void A_locked_thread_sends_by_what_it_has_but_neither_moves_nor_unfilters_it()
    {
        TestNamespace.SkipUnlessPossible();
        using var where = new TestNamespace();
        using SafeHandle ring = where.In(() => PacketRing.Open(new PacketRingOptions { InterfaceIndex = 1, RingBytes = 1 << 20 }, out _));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var own = (SafeDescriptor)ring;
        OnLockedThread(() =>
        {
            PacketApi.sockaddr_ll elsewhere = new() { sll_family = PacketApi.AF_PACKET, sll_protocol = PacketRing.NetworkOrder(PacketApi.ETH_P_ALL), sll_ifindex = 1 };
            AssertRefused(Libc.bind(own, &elsewhere, (uint)sizeof(PacketApi.sockaddr_ll)), "bind");
            int value = 0;
            AssertRefused(Libc.setsockopt(own, Libc.SOL_SOCKET, PacketApi.SO_DETACH_FILTER, &value, sizeof(int)), "SO_DETACH_FILTER");
            AssertRefused(Libc.setsockopt(own, Libc.SOL_SOCKET, PacketApi.SO_LOCK_FILTER, &value, sizeof(int)), "SO_LOCK_FILTER");
            SocketEndpoint to = SocketEndpoint.From((IPEndPoint)socket.LocalEndPoint!);
            SafeDescriptor udp = new();
            Marshal.InitHandle(udp, socket.Handle);
            AssertRefused(Libc.connect(udp, &to, (uint)to.AsBytes.Length), "connect");
            byte data = 1;
            Assert.Equal(1, Libc.sendto(udp, &data, 1, 0, &to, (uint)to.AsBytes.Length));
            udp.SetHandleAsInvalid();
        });
    }

    [Fact]
    public void Even_without_a_lock_nobody_takes_the_filter_off_a_ring()
    {
        TestNamespace.SkipUnlessPossible();
        using var where = new TestNamespace();
        using SafeHandle ring = where.In(() => PacketRing.Open(new PacketRingOptions { InterfaceIndex = 1, RingBytes = 1 << 20 }, out _));

        int value = 0;
        AssertRefused(PacketApi.setsockopt(ring, Libc.SOL_SOCKET, PacketApi.SO_DETACH_FILTER, &value, sizeof(int)), "SO_DETACH_FILTER");
        AssertRefused(PacketApi.setsockopt(ring, Libc.SOL_SOCKET, PacketApi.SO_LOCK_FILTER, &value, sizeof(int)), "SO_LOCK_FILTER");
    }

    [Fact]
    public void A_locked_thread_reads_files_and_writes_none()
    {
        string path = Path.Combine(Path.GetTempPath(), $"seccomp-{Environment.ProcessId}");
        OnLockedThread(() =>
        {
            Assert.NotEmpty(File.ReadAllText("/proc/self/status"));
            Assert.Throws<UnauthorizedAccessException>(() => File.WriteAllText(path, "x"));
            Assert.ThrowsAny<Exception>(() => Directory.CreateDirectory(path));
        });

        Assert.False(File.Exists(path) || Directory.Exists(path));
    }

    [Fact]
    public void A_locked_thread_starts_threads_but_no_programs()
    {
        OnLockedThread(() =>
        {
            int seen = 0;
            var thread = new Thread(() => seen = 1);
            thread.Start();
            thread.Join();
            Assert.Equal(1, seen);
            Assert.ThrowsAny<Exception>(() => Process.Start(new ProcessStartInfo("/bin/true") { UseShellExecute = false })?.Dispose());
        });
    }

    [Fact]
    public void The_numbers_of_refused_calls_are_those_of_the_headers()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "needs gcc and linux-libc-dev");
        string source = File.ReadAllText(Path.Combine(FindSource(), "SeccompCalls.cs"));
        Check(source, source.IndexOf("Architecture.X64\n", StringComparison.Ordinal), "#include <asm/unistd_64.h>", SeccompCalls.Refused(Architecture.X64));
        Check(source, source.IndexOf("        : [", StringComparison.Ordinal), "#include <asm-generic/unistd.h>", SeccompCalls.Refused(Architecture.Arm64));
    }

    // Beside the numbers stand the names, in the same order: the compiler says whether they belong together.
    private static void Check(string source, int from, string include, int[] ours)
    {
        string[] names = [.. Comment().Matches(source[from..source.IndexOf(".. Shared", from, StringComparison.Ordinal)]).SelectMany(match => match.Groups[1].Value.Trim().Split(", "))];
        string program = $"#include <stdio.h>\n#define __BITS_PER_LONG 64\n#define __ARCH_WANT_RENAMEAT\n{include}\nint main(void){{{string.Concat(names.Select(name => $"printf(\"%d\\n\", __NR_{name});"))}}}";
        string folder = Directory.CreateTempSubdirectory("seccomp").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "a.c"), program);
            Run("/usr/bin/gcc", $"-o {folder}/a {folder}/a.c");
            int[] theirs = [.. Run(Path.Combine(folder, "a"), "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
            Assert.Equal(names.Zip(theirs), names.Zip(ours));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = process.StandardOutput.ReadToEnd();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        return output;
    }

    private static string FindSource()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Net.Module.sln")))
        {
            folder = folder.Parent;
        }

        Assert.SkipWhen(folder is null, "the sources are not here");
        return Path.Combine(folder!.FullName, "src/Net.Platform/Linux/Workers");
    }

    private static void AssertRefused(int result, string what) => Assert.True(result < 0 && Marshal.GetLastPInvokeError() == Libc.EPERM, $"{what} was not refused with EPERM: {result}, errno {Marshal.GetLastPInvokeError()}");

    private static void OnLockedThread(Action work)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Seccomp.IsSupported, "needs Linux on x86-64 or ARM64");
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Seccomp.LockThread();
                work();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        Assert.True(failure is null, failure?.ToString());
    }

    [GeneratedRegex("// (.+)")]
    private static partial Regex Comment();
}
