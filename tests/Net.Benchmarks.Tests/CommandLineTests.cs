namespace Net.Benchmarks.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Area_json_and_rounds_are_read_in_any_order()
    {
        Assert.True(CommandLine.TryParse(["bench", "--rounds", "9", "core", "--json", "out.json"], out CommandLine? command, out _));

        Assert.Equal(new CommandLine("bench", "core", "out.json", 9), command);
    }

    [Fact]
    public void Lengths_have_their_defaults_and_can_be_chosen()
    {
        Assert.True(CommandLine.TryParse(["soak", "overlay"], out CommandLine? usual, out _));
        Assert.True(CommandLine.TryParse(["bench", "--seconds", "2", "--minutes", "3", "--only", "idle", "--without-engines"], out CommandLine? chosen, out _));

        Assert.Equal((5, 30, false), (usual.Seconds, usual.Minutes, usual.WithoutEngines));
        Assert.Equal((2, 3, true, "idle"), (chosen.Seconds, chosen.Minutes, chosen.WithoutEngines, chosen.Only));
    }

    [Theory]
    [InlineData]
    [InlineData("run")]
    [InlineData("bench", "--json")]
    [InlineData("bench", "--rounds", "0")]
    [InlineData("bench", "--rounds", "many")]
    [InlineData("bench", "--seconds", "0")]
    [InlineData("soak", "--minutes")]
    [InlineData("bench", "core", "rpc")]
    [InlineData("soak", "--fast")]
    public void What_is_not_understood_is_said_and_not_guessed(params string[] words)
    {
        Assert.False(CommandLine.TryParse(words, out _, out string? problem));
        Assert.NotEmpty(problem);
    }
}
