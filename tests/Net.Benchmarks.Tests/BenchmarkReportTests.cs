using System.Text.Json;
using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Tests;

public sealed class BenchmarkReportTests
{
    private static readonly BenchmarkRow Row = new("rpc", "calls", 41234, "1/s", Better.Higher, "other 1.0", 20000, 2.0617, 30000, true) { TargetText = ">= 1.5x" };

    [Fact]
    public void The_json_has_the_members_that_readers_of_it_know()
    {
        using JsonDocument document = JsonDocument.Parse(BenchmarkReport.ToJson([Row]));

        JsonElement row = Assert.Single(document.RootElement.EnumerateArray());
        Assert.Equal(["area", "case", "value", "unit", "better", "peer", "peerValue", "ratio", "target", "met"], row.EnumerateObject().Select(member => member.Name));
        Assert.Equal("higher", row.GetProperty("better").GetString());
    }

    [Fact]
    public void A_failed_row_says_so_in_json_and_in_the_table()
    {
        BenchmarkRow failed = Row with { Value = null, Error = "no engine" };

        Assert.Contains("\"error\": \"no engine\"", BenchmarkReport.ToJson([failed]), StringComparison.Ordinal);
        Assert.Contains("calls: no engine", BenchmarkReport.ToText([failed], 3), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_is_aligned_and_states_the_rounds()
    {
        string[] lines = BenchmarkReport.ToText([Row, Row with { Case = "a longer name", Value = 7 }], 3).Split('\n');

        Assert.Equal("rpc (medians, rounds: 3, ours and peer in turn)", lines[0]);
        Assert.Equal("case            value  unit  peer       peer value  ratio   target  met", lines[1]);
        Assert.Equal("calls          41,234  1/s   other 1.0      20,000   2.06  >= 1.5x  yes", lines[3]);
        Assert.Equal("a longer name    7.00  1/s   other 1.0      20,000   2.06  >= 1.5x  yes", lines[4]);
    }

    [Fact]
    public void Spreads_are_shown_and_one_note_of_many_rows_is_said_once()
    {
        BenchmarkRow spread = Row with { Spread = new BenchmarkSpread(40000, 42000), PeerSpread = new BenchmarkSpread(19000, 21000), Note = "slow disk" };

        string text = BenchmarkReport.ToText([spread, Row with { Case = "more", Note = "slow disk" }], 3);

        Assert.Contains("  calls: rounds from 40,000 to 42,000, other 1.0 19,000 to 21,000\n", text, StringComparison.Ordinal);
        Assert.Contains("  calls and 1 more: slow disk\n", text, StringComparison.Ordinal);
    }
}
