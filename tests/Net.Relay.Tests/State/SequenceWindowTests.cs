namespace Net.Relay.Tests.State;

public sealed class SequenceWindowTests
{
    [Fact]
    public void Random_sequences_are_judged_as_a_set_of_all_numbers_would()
    {
        var random = new Random(21);
        var window = new SequenceWindow(256, maxGap: 1000);
        var seen = new HashSet<long>();
        long highest = -1;
        for (int round = 0; round < 100_000; round++)
        {
            long sequence = Math.Max(0, highest + random.Next(20) switch
            {
                0 => random.Next(1, 1100),
                1 => -random.Next(300),
                < 6 => -random.Next(20),
                _ => 1,
            });
            SequenceEvent expected = highest < 0 ? SequenceEvent.Next
                : sequence - highest > 1000 || highest - sequence >= 256 ? SequenceEvent.Far
                : seen.Contains(sequence) ? SequenceEvent.Duplicate
                : sequence < highest ? SequenceEvent.Late
                : sequence == highest + 1 ? SequenceEvent.Next
                : SequenceEvent.Gap;

            SequenceEvent found = window.See(sequence, out long missing);

            Assert.Equal(expected, found);
            Assert.Equal(expected == SequenceEvent.Gap ? sequence - highest - 1 : 0, missing);
            if (expected != SequenceEvent.Far)
            {
                seen.Add(sequence);
                highest = Math.Max(highest, sequence);
            }

            Assert.Equal(highest, window.Highest);
        }
    }

    [Fact]
    public void A_restart_forgets()
    {
        var window = new SequenceWindow(64, 10);
        window.Restart(1000);
        window.Restart(5);

        Assert.Equal(SequenceEvent.Duplicate, window.See(5, out _));
        Assert.Equal(SequenceEvent.Next, window.See(6, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(100)]
    public void Sizes_that_are_no_power_of_two_are_refused(int size) => Assert.Throws<ArgumentOutOfRangeException>(() => new SequenceWindow(size, 1));
}
