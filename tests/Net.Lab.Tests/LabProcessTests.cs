namespace Net.Lab.Tests;

public sealed class LabProcessTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_gets_its_input_and_gives_its_output_and_exit_code()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.Pair());

        LabCommandResult result = await lab.Node("left").ExecAsync("bash", ["-c", "cat; echo oops >&2; exit 3"], input: "in", cancellationToken: Stop);

        Assert.Equal(new LabCommandResult(3, "in", "oops\n"), result);
        Assert.Contains("oops", Assert.Throws<LabException>(() => result.EnsureSucceeded()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_runs_in_its_node_and_sees_the_hosts_files()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.Pair());
        LabNode left = lab.Node("left");

        string here = (await left.ExecAsync("readlink", ["/proc/self/ns/mnt"], cancellationToken: Stop)).Output.Trim();
        string links = (await left.ExecAsync("ip", ["-o", "link"], cancellationToken: Stop)).Output;

        Assert.Equal(new FileInfo("/proc/self/ns/mnt").LinkTarget, here);
        Assert.Equal(2, links.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_command_that_hangs_is_killed_and_named()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.Pair());

        TimeoutException hung = await Assert.ThrowsAsync<TimeoutException>(
            () => lab.Node("left").ExecAsync("sleep", ["1000"], timeout: TimeSpan.FromMilliseconds(50), cancellationToken: Stop));

        Assert.Contains("sleep 1000", hung.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_started_program_has_its_environment_and_its_lines_are_read_as_they_come()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.Pair());
        var options = new LabProcessOptions { Environment = new Dictionary<string, string?> { ["GREETING"] = "good day" }, WorkingDirectory = "/usr" };

        await using LabProcess process = lab.Node("left").Start("bash", ["-c", "echo $GREETING from $PWD; read line; echo got $line >&2; exit 7"], options);
        Assert.Equal("good day from /usr", await process.WaitForLineAsync("good day", TestLab.Patience, Stop));
        await process.Input.WriteLineAsync("something");
        await process.Input.FlushAsync(Stop);
        await process.WaitForLineAsync("got something", TestLab.Patience, Stop);

        Assert.Equal(7, await process.WaitForExitAsync(TestLab.Patience, Stop));
        Assert.Equal([new LabOutputLine(false, "good day from /usr"), new LabOutputLine(true, "got something")], process.Lines);
        LabException ended = await Assert.ThrowsAsync<LabException>(() => process.WaitForLineAsync("never", TestLab.Patience, Stop));
        Assert.Contains("good day from /usr", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_on_our_own_terminal_gives_its_exit_code()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.Pair());

        Assert.Equal(5, await lab.Node("left").RunInteractiveAsync("sh", ["-c", "exit 5"], cancellationToken: Stop));
    }

    [Fact]
    public async Task Addresses_and_routes_come_and_go()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.Pair());
        LabNode left = lab.Node("left");
        var route = LabRoute.Prefix("192.0.2.0/24", "10.1.0.2", metric: 5);

        await lab.Node("right").AddAddressAsync("eth0", "192.0.2.9/32", Stop);
        await left.AddRouteAsync(route, Stop);
        await TestLab.AssertReachesAsync(left, "192.0.2.9");

        await left.RemoveRouteAsync(route, Stop);
        await lab.Node("right").RemoveAddressAsync("eth0", "192.0.2.9/32", Stop);
        Assert.False((await left.PingAsync("192.0.2.9", cancellationToken: Stop)).Reached);
        await Assert.ThrowsAsync<ArgumentException>(() => left.AddAddressAsync("eth0", "1.2.3.4", Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => left.AddAddressAsync("eth0\nlink del eth0", "1.2.3.4/24", Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => left.AddRouteAsync(new LabRoute { To = "10.9.0.0/16", Interface = "eth0 onlink" }, Stop));
    }

    [Fact]
    public async Task A_node_link_or_program_that_is_not_there_is_named()
    {
        TestLab.Require();
        await using Lab lab = await TestLab.UpAsync(LabTopologies.Pair());

        Assert.Contains("left, right", Assert.Throws<LabException>(() => lab.Node("middle")).Message, StringComparison.Ordinal);
        Assert.Contains("'eth7'", (await Assert.ThrowsAsync<LabException>(() => lab.Node("left").SetLinkAsync("eth7", true, cancellationToken: Stop))).Message, StringComparison.Ordinal);
        Assert.Contains("'no-such-program'", Assert.Throws<LabException>(() => lab.Node("left").Start("no-such-program")).Message, StringComparison.Ordinal);
    }
}
