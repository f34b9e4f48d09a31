using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public async Task Work_runs_inside_and_the_caller_stays_outside()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        string Where() => new FileInfo("/proc/thread-self/ns/net").LinkTarget!;
        string home = Where();

        string inside = place.Namespace.Run(Where);
        string asynchronous = await place.Namespace.RunAsync(Where);
        using NetworkNamespace own = NetworkNamespace.Open(Environment.ProcessId);

        Assert.NotEqual(home, inside);
        Assert.Equal(inside, asynchronous);
        Assert.Equal(home, Where());
        Assert.Equal(home, own.Run(Where));
        Assert.Contains(place.Name, NetworkNamespace.GetNames());
        Assert.True(NetworkNamespace.Exists(place.Name));
    }

    [Fact]
    public async Task Failures_reach_the_caller()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();

        Assert.Throws<InvalidOperationException>(() => place.Namespace.Run(() => throw new InvalidOperationException("inside")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => place.Namespace.RunAsync<int>(() => throw new InvalidOperationException("inside")));
        Assert.Throws<ArgumentException>(() => NetworkNamespace.Open("../etc"));
        Assert.Equal(17, Assert.Throws<System.ComponentModel.Win32Exception>(() => NetworkNamespace.Create(place.Name)).NativeErrorCode);
        Assert.Equal(2, Assert.Throws<System.ComponentModel.Win32Exception>(() => NetworkNamespace.Open("platform-absent")).NativeErrorCode);
        Assert.True(NetworkNamespace.Exists(place.Name));
    }
}
