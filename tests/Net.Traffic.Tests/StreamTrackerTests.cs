namespace Net.Traffic.Tests;

public sealed class StreamTrackerTests
{
    [Theory]
    [InlineData("0 1 2 3", 0, 0, 0)]
    [InlineData("2 3", 2, 0, 0)]
    [InlineData("0 1 4 5", 2, 0, 0)]
    [InlineData("0 2 1 3", 0, 1, 0)]
    [InlineData("0 1 1 2 2 2", 0, 0, 3)]
    [InlineData("0 3 1 1 2 3", 0, 2, 2)]
    [InlineData("1 0", 0, 1, 0)]
    [InlineData("0 5000 4999 904", 4997, 2, 0)]
    [InlineData("0 5000 900", 4998, 1, 0)]
    public void Numbers_tell_what_was_lost_late_and_repeated(string numbers, long lost, long reordered, long duplicate)
    {
        StreamTracker tracker = new(1);

        foreach (string number in numbers.Split(' '))
        {
            tracker.Take(ulong.Parse(number, System.Globalization.CultureInfo.InvariantCulture), countsFromStart: true);
        }

        Assert.Equal((lost, reordered, duplicate), (tracker.Lost, tracker.Reordered, tracker.Duplicate));
    }

    [Fact]
    public void A_receiver_that_came_late_misses_nothing_from_before()
    {
        StreamTracker tracker = new(1);

        tracker.Take(1_000, countsFromStart: false);
        tracker.Take(999, countsFromStart: false);
        tracker.Take(1_002, countsFromStart: false);

        Assert.Equal((1, 1, 0), (tracker.Lost, tracker.Reordered, tracker.Duplicate));
    }

    [Fact]
    public void Far_behind_is_a_duplicate_when_nothing_is_missing()
    {
        StreamTracker tracker = new(1);
        for (ulong number = 0; number < 10_000; number++)
        {
            Assert.True(tracker.Take(number, countsFromStart: true));
        }

        Assert.False(tracker.Take(3, countsFromStart: true));

        Assert.Equal((0, 0, 1), (tracker.Lost, tracker.Reordered, tracker.Duplicate));
    }

    [Fact]
    public void The_end_says_what_is_lost_behind_the_last_packet()
    {
        StreamTracker tracker = new(1);
        tracker.Take(0, countsFromStart: true);
        tracker.Take(1, countsFromStart: true);
        tracker.End(1, remaining: 2);

        Assert.Equal(2, tracker.Lost);
        Assert.False(tracker.IsEnded);

        tracker.Take(3, countsFromStart: true);
        tracker.End(3, remaining: 0);

        Assert.Equal(1, tracker.Lost);
        Assert.True(tracker.IsEnded);
    }

    [Fact]
    public void Any_order_with_losses_and_repeats_comes_out_as_a_list_of_all_numbers_says()
    {
        Random random = new(44);
        for (int round = 0; round < 50; round++)
        {
            StreamTracker tracker = new(1);
            HashSet<int> seen = [];
            int highest = -1;
            int reordered = 0;
            int duplicate = 0;
            int[] order = [.. Enumerable.Range(0, 20_000).Where(_ => random.Next(10) > 0).OrderBy(number => number + random.Next(300))];
            foreach (int number in order.SelectMany(number => random.Next(20) == 0 ? (int[])[number, number] : [number]))
            {
                bool isNew = seen.Add(number);
                duplicate += isNew ? 0 : 1;
                reordered += isNew && number < highest ? 1 : 0;
                highest = Math.Max(highest, number);

                Assert.Equal(isNew, tracker.Take((ulong)number, countsFromStart: true));
            }

            Assert.Equal((highest + 1 - seen.Count, reordered, duplicate), (tracker.Lost, tracker.Reordered, tracker.Duplicate));
        }
    }

    [Fact]
    public void A_table_finds_every_stream_again_and_takes_no_more_than_it_may()
    {
        StreamTable table = new(100);
        uint[] numbers = [.. Enumerable.Range(0, 100).Select(number => (uint)number << 16)];

        StreamTracker?[] first = [.. numbers.Select(table.Find)];

        Assert.DoesNotContain(null, first);
        Assert.Equal(first, numbers.Select(table.Find));
        Assert.Null(table.Find(7));
        Assert.Equal(100, table.All.Count);
    }
}
