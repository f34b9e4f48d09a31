using Net.Cli.Output;
using Net.Cli.Parsing;

namespace Net.Cli.Tests;

public sealed class TableTests
{
    private static readonly TableColumn<(string Name, string Text, int Number)>[] Columns =
    [
        new("Name", row => row.Name) { IsFlexible = true },
        new("Packets", row => Text.Number(row.Number)) { IsNumber = true },
        new("What it is for", row => row.Text) { IsFlexible = true },
        new("Unknown", _ => null),
    ];

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("0s", 0)]
    public void A_duration_is_read(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5sec")]
    [InlineData("1..5s")]
    [InlineData("5s3")]
    [InlineData("99999999999d")]
    [InlineData("00:00:05")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Columns_are_as_wide_as_their_cells_and_numbers_stand_right()
    {
        Assert.Equal(
            "Name   Packets  What it is for  Unknown\n"
            + "short        1  x               -\n"
            + "b         1234  -               -\n",
            Render([("short", "x", 1), ("b", "", 1234)], null));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(25)]
    [InlineData(10)]
    [InlineData(3)]
    public void A_table_fits_every_terminal(int width)
    {
        string table = Render([("a name that goes on", "a text that is far longer than any terminal is wide, and then some", 1_000_000), ("日本語の名前です", "é́", 2)], width);

        Assert.All(table.TrimEnd('\n').Split('\n'), line => Assert.True(DisplayWidth.Of(line) <= width, line));
    }

    [Fact]
    public void What_is_cut_ends_with_an_ellipsis() => Assert.Equal("abc…", DisplayWidth.Cut("abcdef", 4));

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("日本", 4)]
    [InlineData("e\u0301", 1)]
    public void Width_counts_columns_of_the_terminal(string text, int width) => Assert.Equal(width, DisplayWidth.Of(text));

    [Fact]
    public void Colour_is_written_only_where_asked_for_and_does_not_move_columns()
    {
        TableColumn<string>[] columns = [new("State", text => text) { Tone = _ => Tone.Bad }, new("Next", _ => "x")];
        var plain = new StringWriter { NewLine = "\n" };
        var coloured = new StringWriter { NewLine = "\n" };

        Table.Write(plain, ["failed"], columns, null, color: false);
        Table.Write(coloured, ["failed"], columns, null, color: true);

        Assert.Equal("State   Next\nfailed  x\n", plain.ToString());
        Assert.Equal("State   Next\n\x1b[31mfailed\x1b[0m  x\n", coloured.ToString());
    }

    [Fact]
    public void Nothing_is_written_without_rows() => Assert.Empty(Render([], 80));

    [Theory]
    [InlineData("IPv4", "ipv4")]
    public void Families_are_spelt_as_everywhere(string member, string name) =>
        Assert.Equal(name, Text.Name(Enum.Parse<Contracts.IpFamily>(member)));

    [Fact]
    public void Words_of_a_member_are_dashed() => Assert.Equal("read-only", Text.Name(Contracts.EngineState.ReadOnly));

    [Theory]
    [InlineData(0.25, "250ms")]
    [InlineData(1.5, "1.5s")]
    [InlineData(16, "16s")]
    [InlineData(90, "1m 30s")]
    [InlineData(7200, "2h 0m")]
    [InlineData(187200, "2d 4h")]
    public void A_duration_is_shown_in_units_people_say(double seconds, string text) => Assert.Equal(text, Text.Duration(TimeSpan.FromSeconds(seconds)));

    private static string Render((string, string, int)[] rows, int? width)
    {
        var output = new StringWriter { NewLine = "\n" };
        Table.Write(output, rows, Columns, width, color: false);
        return output.ToString();
    }
}
