using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Tests.Fakes;
using Net.Testing;

namespace Net.PowerShell.Tests.Completion;

public sealed class CompletionTests
{
    private static readonly Candidate[] Candidates = [new("web", "a"), new("Web admin", "b"), new("dns", "c"), new("WEB", "d")];

    [Theory]
    [InlineData("we", new[] { "web", "Web admin" })]
    [InlineData("'web a", new[] { "Web admin" })]
    [InlineData("\"d", new[] { "dns" })]
    [InlineData("", new[] { "dns", "web", "Web admin" })]
    [InlineData(null, new[] { "dns", "web", "Web admin" })]
    [InlineData("x", new string[0])]
    public void Candidates_that_begin_with_what_was_typed_come_once_and_sorted(string? typed, string[] expected) =>
        Assert.Equal(expected, CompletionText.Matching(typed, Candidates).Select(candidate => candidate.Text));

    [Theory]
    [InlineData("web", "web")]
    [InlineData("web admin", "'web admin'")]
    [InlineData("it's", "'it''s'")]
    [InlineData("eth0/fe80::1", "eth0/fe80::1")]
    [InlineData("$x", "'$x'")]
    [InlineData("a;b", "'a;b'")]
    [InlineData("", "''")]
    public void Values_are_quoted_where_a_bare_word_would_not_do(string value, string expected) => Assert.Equal(expected, CompletionText.Quote(value));

    [Fact]
    public void What_the_engine_says_comes_back() =>
        Assert.Equal(Candidates, CompletionQuery.Ask((_, _) => Task.FromResult<IEnumerable<Candidate>>(Candidates), new FakeEngine(), TimeProvider.System));

    [Fact]
    public void A_failure_is_silence()
    {
        Assert.Empty(CompletionQuery.Ask((_, _) => throw Sample.Failure(ErrorCatalogue.EngineNotReachable), new FakeEngine(), TimeProvider.System));
        Assert.Empty(CompletionQuery.Ask((_, _) => throw new InvalidCastException(), new FakeEngine(), TimeProvider.System));
    }

    [Fact]
    public void An_engine_that_takes_longer_than_half_a_second_is_silence()
    {
        var clock = new ManualTimeProvider();
        CancellationToken seen = default;

        IReadOnlyList<Candidate> found = CompletionQuery.Ask(
            async (_, token) =>
            {
                seen = token;
                clock.Advance(CompletionQuery.Limit);
                await new TaskCompletionSource().Task;
                return Candidates;
            },
            new FakeEngine(),
            clock);

        Assert.Empty(found);
        Assert.True(seen.IsCancellationRequested);
        Assert.Equal(TimeSpan.FromMilliseconds(500), CompletionQuery.Limit);
    }
}
