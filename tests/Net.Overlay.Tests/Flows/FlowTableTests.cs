using Net.Overlay.Flows;

namespace Net.Overlay.Tests.Flows;

public sealed class FlowTableTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void A_flow_is_found_again()
    {
        var table = new FlowTable(64, seed: 1);
        FlowKey key = Key(1);

        table.GetOrAdd(in key, 5, out bool isNew).RuleIndex = 7;
        ref FlowEntry again = ref table.GetOrAdd(in key, 9, out bool isNewAgain);

        Assert.True(isNew);
        Assert.False(isNewAgain);
        Assert.Equal((7, 5), (again.RuleIndex, again.FirstSeen));
        Assert.Equal(1, table.Count);
        table.TryGet(Key(2), out bool isFound);
        Assert.False(isFound);
    }

    [Fact]
    public void A_removed_flow_is_gone()
    {
        var table = new FlowTable(64, seed: 1);
        table.GetOrAdd(Key(1), 0, out _);

        Assert.True(table.Remove(Key(1)));
        Assert.False(table.Remove(Key(1)));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Nine_tenths_of_the_table_fill_almost_without_evictions()
    {
        var table = new FlowTable(1 << 14, seed: 1);
        int flows = table.Capacity * 9 / 10;

        for (int number = 0; number < flows; number++)
        {
            table.GetOrAdd(Key(number), 0, out _);
        }

        Assert.InRange(table.Evictions, 0, flows / 100);
        Assert.Equal(flows - table.Evictions, table.Count);
    }

    [Fact]
    public void A_full_table_gives_up_denied_then_unanswered_then_the_quietest()
    {
        // Sixteen places are two buckets: every key may take any place.
        var table = new FlowTable(16, seed: 1);
        for (int number = 0; number < 16; number++)
        {
            ref FlowEntry entry = ref table.GetOrAdd(Key(number), number, out _);
            entry.PacketsReceived = number == 5 ? 0 : 1;
            entry.Verdict = number == 6 ? FlowVerdict.Deny : FlowVerdict.Allow;
        }

        foreach (int expected in new[] { 6, 5, 0 })
        {
            table.GetOrAdd(Key(100 + expected), 100, out _).PacketsReceived = 1;
            table.TryGet(Key(expected), out bool isThere);
            Assert.False(isThere, $"flow {expected} should have made room");
        }

        Assert.Equal(3, table.Evictions);
        Assert.Equal(16, table.Count);
    }

    [Fact]
    public void A_full_table_gives_up_denied_then_revoked_then_answered_flows()
    {
        var table = new FlowTable(16, seed: 1);
        for (int number = 0; number < 16; number++)
        {
            ref FlowEntry entry = ref table.GetOrAdd(Key(number), number, out _);
            entry.PacketsReceived = 1;
            entry.Verdict = number is 8 or 9 ? FlowVerdict.Deny : FlowVerdict.Allow;
            entry.IsRevoked = number == 8;
        }

        foreach (int expected in new[] { 9, 8, 0 })
        {
            table.GetOrAdd(Key(100 + expected), 100, out _).PacketsReceived = 1;
            table.TryGet(Key(expected), out bool isThere);
            Assert.False(isThere, $"flow {expected} should have made room");
        }
    }

    [Theory]
    [InlineData(6, TcpFlowState.Established, true, 7200)]
    [InlineData(6, TcpFlowState.Opening, false, 60)]
    [InlineData(6, TcpFlowState.Closing, true, 20)]
    [InlineData(17, TcpFlowState.None, false, 60)]
    [InlineData(17, TcpFlowState.None, true, 180)]
    [InlineData(1, TcpFlowState.None, true, 30)]
    [InlineData(58, TcpFlowState.None, true, 30)]
    public void A_flow_is_forgotten_after_its_time_and_not_before(byte protocol, TcpFlowState state, bool isAnswered, int seconds)
    {
        var table = new FlowTable(16, seed: 1);
        var key = new FlowKey(new byte[4], new byte[4], protocol, 1, 2);
        ref FlowEntry entry = ref table.GetOrAdd(in key, 0, out _);
        entry.TcpState = state;
        entry.PacketsReceived = isAnswered ? 1 : 0;

        Assert.Equal(0, table.Sweep((seconds * Second) - 1, 16, null));
        Assert.Equal(1, table.Sweep(seconds * Second, 16, null));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void A_sweep_goes_on_where_the_last_one_stopped()
    {
        var table = new FlowTable(1024, seed: 1);
        for (int number = 0; number < 500; number++)
        {
            table.GetOrAdd(Key(number), 0, out _);
        }

        int removed = 0;
        for (int call = 0; call < 4; call++)
        {
            removed += table.Sweep(3600 * Second, 256, null);
        }

        Assert.Equal(500, removed + table.Evictions);
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void What_was_reported_has_its_end_reported()
    {
        var records = new FlowRecordQueue(8);
        var table = new FlowTable(16, seed: 1);
        ref FlowEntry entry = ref table.GetOrAdd(Key(1).Canonical(out bool isSwapped), 0, out _);
        entry.IsReported = true;
        entry.IsSwapped = isSwapped;
        table.GetOrAdd(Key(2), 0, out _);

        table.Sweep(3600 * Second, 16, records);

        Assert.True(records.TryRead(out FlowRecord record));
        Assert.Equal((FlowRecordKind.Ended, FlowEndReason.Idle, Key(1)), (record.Kind, record.EndReason, record.Key));
        Assert.False(records.TryRead(out _));
    }

    [Fact]
    public void Only_powers_of_two_are_capacities()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowTable(100, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowTable(8, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowRecordQueue(3));
    }

    [Fact]
    public void A_full_record_queue_loses_and_counts()
    {
        var records = new FlowRecordQueue(2);
        for (int count = 0; count < 5; count++)
        {
            records.FlowDenied(new FlowDenial(Key(count), 1, 2, -1, 9, count, 1));
        }

        Assert.Equal(3, records.Lost);
        Assert.True(records.TryRead(out FlowRecord first));
        Assert.Equal((0L, 1L, 1, 2), (first.Time, first.DeniedPackets, first.Entry.FromPeer, first.Entry.ToPeer));
        Assert.True(records.TryRead(out _));
        Assert.False(records.TryRead(out _));
    }

    private static FlowKey Key(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number], [10, 255, 0, 1], 17, 1000, 53);
}
