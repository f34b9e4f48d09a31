using Net.Engine.Firewall;
using Net.Platform;

namespace Net.Engine.Tests;

public sealed class GenerationTrackerTests
{
    private const int Nft = 500;
    private const int Other = 77;
    private static readonly FirewallTable Ours = FirewallTable.NetModule;
    private static readonly FirewallTable Theirs = new(FirewallFamily.Ip, "nat");

    [Fact]
    public void Nothing_is_known_before_the_first_transaction_and_after_forgetting()
    {
        var tracker = new GenerationTracker(Ours);
        Assert.False(tracker.IsOursAt(0));
        Assert.False(tracker.IsOursAt(1));
        tracker.Wrote(3, 4, Nft, isWhole: true);
        tracker.Forget();
        Assert.False(tracker.IsOursAt(4));
    }

    [Fact]
    public void A_transaction_with_nobody_beside_it_is_ours_at_once_and_at_no_other_generation()
    {
        var tracker = new GenerationTracker(Ours);
        tracker.Wrote(3, 4, Nft, isWhole: true);
        Assert.True(tracker.IsOursAt(4));
        Assert.False(tracker.IsOursAt(5));
        Assert.False(tracker.IsOursAt(3));
        Assert.True(tracker.Heard(Said(4, Nft, Ours)));
    }

    [Fact]
    public void Other_tables_carry_the_knowledge_on_and_ours_ends_it()
    {
        GenerationTracker tracker = At(10);
        Assert.True(tracker.Heard(Said(11, Other, Theirs)));
        Assert.True(tracker.IsOursAt(11));
        Assert.False(tracker.Heard(Said(12, Other, Theirs, Ours)));
        Assert.False(tracker.IsOursAt(12));
        Assert.False(tracker.Heard(Said(13, Other, Theirs)));
        Assert.False(tracker.IsOursAt(13));
        tracker.Verified(13);
        Assert.True(tracker.IsOursAt(13));
    }

    [Fact]
    public void A_gap_in_what_was_heard_is_not_jumped_over()
    {
        GenerationTracker tracker = At(10);
        Assert.False(tracker.Heard(Said(12, Other, Theirs)));
        Assert.False(tracker.IsOursAt(12));
        Assert.True(tracker.Heard(Said(11, Other, Theirs)) || tracker.IsOursAt(12));
        Assert.True(tracker.IsOursAt(12));
    }

    [Theory]
    [InlineData(11, 12, 13)]
    [InlineData(12, 11, 13)]
    [InlineData(13, 11, 12)]
    public void Ours_among_others_is_told_by_its_process(uint ours, uint first, uint second)
    {
        GenerationTracker tracker = At(10);
        tracker.Wrote(10, 13, Nft, isWhole: false);
        Assert.True(tracker.IsUnmatched);
        Assert.False(tracker.IsOursAt(13));
        foreach (FirewallGeneration said in new[] { Said(ours, Nft, Ours), Said(first, Other, Theirs), Said(second, Other, Theirs) }.OrderBy(said => said.Id))
        {
            tracker.Heard(said);
        }

        Assert.True(tracker.IsOursAt(13));
        Assert.False(tracker.IsUnmatched);
    }

    [Theory]
    [InlineData(11, 12)]
    [InlineData(12, 11)]
    public void A_change_of_our_table_beside_ours_is_never_taken_for_ours(uint ours, uint theirs)
    {
        GenerationTracker tracker = At(10);
        tracker.Wrote(10, 12, Nft, isWhole: false);
        foreach (FirewallGeneration said in new[] { Said(ours, Nft, Ours), Said(theirs, Other, Ours) }.OrderBy(said => said.Id))
        {
            tracker.Heard(said);
        }

        Assert.False(tracker.IsOursAt(12));
    }

    [Fact]
    public void Before_a_whole_table_anything_may_have_happened_and_after_it_nothing()
    {
        GenerationTracker before = At(10);
        before.Wrote(10, 12, Nft, isWhole: true);
        before.Heard(Said(11, Other, Ours));
        before.Heard(Said(12, Nft, Ours));
        Assert.True(before.IsOursAt(12));

        GenerationTracker after = At(10);
        after.Wrote(10, 12, Nft, isWhole: true);
        after.Heard(Said(11, Nft, Ours));
        after.Heard(Said(12, Other, Ours));
        Assert.False(after.IsOursAt(12));
    }

    [Fact]
    public void A_process_number_covers_one_transaction()
    {
        GenerationTracker tracker = At(10);
        tracker.Wrote(10, 12, Nft, isWhole: false);
        tracker.Heard(Said(11, Nft, Ours));
        tracker.Heard(Said(12, Nft, Ours));
        Assert.False(tracker.IsOursAt(12));
    }

    [Fact]
    public void Lost_announcements_leave_only_what_was_known()
    {
        GenerationTracker tracker = At(10);
        Assert.False(tracker.Heard(new FirewallGeneration { IsOverrun = true }));
        Assert.True(tracker.IsOursAt(10));
        Assert.False(tracker.Heard(Said(12, Other, Theirs)));
        Assert.False(tracker.IsOursAt(12));
    }

    [Fact]
    public void A_reading_that_was_too_early_for_the_transaction_counted_last_is_taken_back()
    {
        GenerationTracker tracker = At(10);
        tracker.Verified(11);
        Assert.False(tracker.Heard(Said(11, Other, Ours)));
        Assert.False(tracker.IsOursAt(11));
    }

    [Fact]
    public void Old_announcements_of_what_a_whole_table_covered_are_nothing_new()
    {
        GenerationTracker tracker = At(10);
        tracker.Wrote(11, 12, Nft, isWhole: true);
        Assert.True(tracker.Heard(Said(11, Other, Ours)));
        Assert.True(tracker.IsOursAt(12));
    }

    [Fact]
    public void Generations_are_counted_past_the_end()
    {
        var tracker = new GenerationTracker(Ours);
        tracker.Wrote(uint.MaxValue, 1, Nft, isWhole: true);
        Assert.True(tracker.IsOursAt(1));
        tracker.Verified(uint.MaxValue);
        Assert.True(tracker.Heard(Said(1, Other, Theirs)));
        Assert.True(tracker.IsOursAt(1));
    }

    [Fact]
    public void It_never_claims_what_a_model_of_the_kernel_denies()
    {
        var random = new Random(20_267);
        for (int round = 0; round < 2000; round++)
        {
            var tracker = new GenerationTracker(Ours);
            var queue = new Queue<FirewallGeneration>();
            uint kernel = 5;
            bool isOurs = false;
            for (int step = 0; step < 40; step++)
            {
                switch (random.Next(6))
                {
                    case 0:
                        Others();
                        break;
                    case 1 or 2:
                        bool wasOurs = tracker.IsOursAt(kernel);
                        uint before = kernel;
                        if (random.Next(3) == 0)
                        {
                            Others();
                        }

                        bool isWhole = !wasOurs || random.Next(2) == 0;
                        isOurs |= isWhole;
                        queue.Enqueue(Said(++kernel, Nft + step, Ours));
                        if (random.Next(3) == 0)
                        {
                            Others();
                        }

                        tracker.Wrote(before, kernel, Nft + step, isWhole);
                        break;
                    case 3:
                        if (isOurs && random.Next(2) == 0)
                        {
                            tracker.Verified(kernel);
                        }

                        break;
                    case 4:
                        if (random.Next(8) == 0)
                        {
                            queue.Clear();
                            tracker.Heard(new FirewallGeneration { IsOverrun = true });
                        }

                        break;
                    default:
                        while (queue.Count > 0 && random.Next(3) > 0)
                        {
                            tracker.Heard(queue.Dequeue());
                        }

                        break;
                }

                Assert.False(tracker.IsOursAt(kernel) && !isOurs, $"round {round}, step {step}");
            }

            void Others()
            {
                bool touches = random.Next(3) == 0;
                isOurs &= !touches;
                queue.Enqueue(Said(++kernel, Other, touches ? Ours : Theirs));
            }
        }
    }

    private static GenerationTracker At(uint generation)
    {
        var tracker = new GenerationTracker(Ours);
        tracker.Wrote(generation - 1, generation, Nft, isWhole: true);
        return tracker;
    }

    private static FirewallGeneration Said(uint id, int process, params FirewallTable[] tables) =>
        new() { Id = id, ProcessId = process, ProcessName = "p", Tables = [.. tables] };
}
