using System.Net.Sockets;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

public sealed class ProcessTests
{
    [Fact]
    public void The_peer_of_a_unix_socket_is_known()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        string folder = Directory.CreateTempSubdirectory("peer").FullName;
        var endPoint = new UnixDomainSocketEndPoint(Path.Combine(folder, "s"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(endPoint);
        listener.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(endPoint);
        using Socket server = listener.Accept();

        PeerCredentials peer = PeerCredentials.Get(server);

        Directory.Delete(folder, recursive: true);
        Assert.Equal(Environment.ProcessId, peer.ProcessId);
        Assert.Equal(UnixAccounts.IsRoot, peer.UserId == 0);
        Assert.True(peer.IsInGroup(peer.GroupId));
    }

    [Fact]
    public void Capabilities_are_read_for_every_thread()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

        ProcessCapabilities own = ProcessCapabilities.Read();

        Assert.True(own.Threads.Count > 1);
        Assert.True(own.AreThreadsEqual);
        Assert.Equal(own.Threads[0].Effective, own.Effective);
        Assert.Empty(ProcessCapabilities.Read(int.MaxValue).Threads);
    }

    [Fact]
    public void A_status_text_gives_names()
    {
        ThreadCapabilities thread = ProcessCapabilities.Parse(
            7,
            ["Name:\tx", "Uid:\t1\t2\t3\t4", "Gid:\t5\t6\t7\t8", "CapEff:\t0000008000003000", "CapBnd:\t000001ffffffffff", "NoNewPrivs:\t1", "odd"]);

        Assert.Equal(["CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_BPF"], thread.EffectiveNames);
        Assert.Equal(2u, thread.UserId);
        Assert.Equal(6u, thread.GroupId);
        Assert.True(thread.NoNewPrivileges);
        Assert.Equal(41, CapabilityNames.InSet(thread.Bounding).Count);
        Assert.Equal(["CAP_CHOWN", "CAP_63"], CapabilityNames.InSet(1UL | (1UL << 63)));
    }

    [Fact]
    public void Accounts_are_found_both_ways()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

        Assert.Equal("root", UnixAccounts.GetUserName(0));
        Assert.Equal(0u, UnixAccounts.GetUserId("root"));
        Assert.Equal("root", UnixAccounts.GetGroupName(0));
        Assert.Equal(0u, UnixAccounts.GetGroupId("root"));
        Assert.Contains(0u, UnixAccounts.GetGroupsOfUser(0));
        Assert.Null(UnixAccounts.GetUserId("no-such-user"));
        Assert.Null(UnixAccounts.GetGroupId("no-such-group"));
        Assert.Null(UnixAccounts.GetUserName(4_000_000_000));
        Assert.Empty(UnixAccounts.GetGroupsOfUser(4_000_000_000));
    }

    [Fact]
    public void Owners_modes_and_folders_are_set()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && UnixAccounts.IsRoot, "needs root to change owners");
        string folder = Directory.CreateTempSubdirectory("files").FullName;
        string path = Path.Combine(folder, "f");
        File.WriteAllText(path, "x");

        UnixFiles.SetOwner(path, userId: null, groupId: 65534);
        UnixFiles.SetMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        UnixFiles.FlushFolder(folder);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
        Assert.Throws<IOException>(() => UnixFiles.FlushFolder(path));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_service_manager_hears_of_every_state(bool isAbstract)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        string folder = Directory.CreateTempSubdirectory("notify").FullName;
        string name = isAbstract ? $"@netmod-test-{Environment.ProcessId}" : Path.Combine(folder, "notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + name[1..] : name));
        manager.ReceiveTimeout = 10_000;
        var notifier = new SystemdNotifier(name, TimeSpan.FromSeconds(3));
        string Receive()
        {
            byte[] buffer = new byte[1024];
            return System.Text.Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer));
        }

        notifier.Ready("serving\nX=1");
        Assert.Equal($"READY=1\nMAINPID={Environment.ProcessId}\nSTATUS=serving X=1", Receive());
        notifier.Status("busy");
        Assert.Equal("STATUS=busy", Receive());
        notifier.KeepAlive();
        Assert.Equal("WATCHDOG=1", Receive());
        notifier.Reloading();
        Assert.StartsWith("RELOADING=1\nMONOTONIC_USEC=", Receive(), StringComparison.Ordinal);
        notifier.Stopping();
        Assert.Equal("STOPPING=1", Receive());

        Directory.Delete(folder, recursive: true);
        Assert.True(notifier.IsActive);
        Assert.Equal(TimeSpan.FromSeconds(3), notifier.WatchdogInterval);
    }

    [Fact]
    public void Without_a_manager_nothing_happens()
    {
        var silent = new SystemdNotifier(null);
        var gone = new SystemdNotifier("/run/no-such-socket");

        silent.Ready();
        gone.Ready();

        Assert.False(silent.IsActive);
    }
}
