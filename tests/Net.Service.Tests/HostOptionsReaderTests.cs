using Net.Contracts;

namespace Net.Service.Tests;

/// <summary>Host options: the file, then the environment, then flags, and a policy over all of them.</summary>
public sealed class HostOptionsReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("svctests-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    [Fact]
    public void Without_anything_said_the_defaults_hold()
    {
        HostOptions options = Read();

        Assert.Equal("/run/netmod/engine.sock", options.Socket);
        Assert.Equal("/var/lib/netmod", options.State);
        Assert.Equal(EngineLogLevel.Information, options.LogLevel);
        Assert.Equal("/etc/netmod", HostOptionsReader.Read([], _ => null).Configuration);
    }

    [Fact]
    public void The_environment_wins_over_the_file_flags_over_the_environment_and_policies_over_all()
    {
        File(@"{""host"":{""socket"":""/file"",""state"":""/file""},""log"":{""level"":""trace"",""format"":""json""}}");
        Assert.Equal(("/file", "/file", EngineLogLevel.Trace, LogFormat.Json), Seen(Read()));

        _environment["NETMOD_HOST_STATE"] = "/environment";
        _environment["NETMOD_LOG_LEVEL"] = "DEBUG";
        _environment["NETMOD_LOG_FORMAT"] = "systemd";
        Assert.Equal(("/file", "/environment", EngineLogLevel.Debug, LogFormat.Systemd), Seen(Read()));

        string[] flags = ["--log-level", "warning", "--log-format=console"];
        Assert.Equal(("/file", "/environment", EngineLogLevel.Warning, LogFormat.Console), Seen(Read(flags)));

        Policy("10-site.json", @"{""log"":{""level"":""error""}}");
        Assert.Equal(("/file", "/environment", EngineLogLevel.Error, LogFormat.Console), Seen(Read(flags)));
    }

    [Fact]
    public void Of_two_policies_the_later_name_wins()
    {
        Policy("20-team.json", @"{""log"":{""level"":""none""}}");
        Policy("10-site.json", @"{""log"":{""level"":""error""},""host"":{""state"":""/policy""}}");
        Policy("30-other.txt", "this is no policy");

        HostOptions options = Read(["--state", "/flag"]);

        Assert.Equal(EngineLogLevel.None, options.LogLevel);
        Assert.Equal("/policy", options.State);
    }

    [Fact]
    public void The_configuration_folder_comes_from_flag_or_environment_and_names_the_file_that_is_read()
    {
        File(@"{""host"":{""socket"":""/file""}}");
        _environment["NETMOD_HOST_CONFIG"] = _folder;

        Assert.Equal("/file", HostOptionsReader.Read([], _environment.GetValueOrDefault).Socket);
        Assert.Equal("/run/netmod/engine.sock", HostOptionsReader.Read(["--config", "/nowhere"], _environment.GetValueOrDefault).Socket);
    }

    [Fact]
    public void An_empty_variable_is_one_that_is_not_set()
    {
        _environment["NETMOD_HOST_SOCKET"] = string.Empty;
        _environment["NETMOD_LOG_LEVEL"] = string.Empty;

        Assert.Equal("/run/netmod/engine.sock", Read().Socket);
        Assert.Equal(EngineLogLevel.Information, Read().LogLevel);
    }

    [Theory]
    [InlineData("ArgumentInvalid", "--log-level", "--log-level")]
    [InlineData("ArgumentInvalid", "loud", "--log-level", "loud")]
    [InlineData("ArgumentInvalid", "3", "--log-level", "3")]
    [InlineData("ArgumentInvalid", "xml", "--log-format=xml")]
    [InlineData("ArgumentInvalid", "--sokcet", "--sokcet", "/x")]
    [InlineData("ArgumentInvalid", "state", "state")]
    public void A_flag_that_is_not_usable_is_named(string errorId, string named, params string[] flags)
    {
        EngineException refused = Assert.Throws<EngineException>(() => Read(flags));

        Assert.Equal(errorId, refused.ErrorId);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"log":{"level":"debug","level":"trace"}}""")]
    public void A_file_that_is_not_readable_is_named(string content)
    {
        File(content);

        EngineException refused = Assert.Throws<EngineException>(() => Read());

        Assert.Equal(ErrorCatalogue.ConfigurationUnreadable.Id, refused.ErrorId);
        Assert.Contains("host.json", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_in_the_file_that_is_not_usable_is_named()
    {
        File(@"{""log"":{""level"":""loud""}}");

        Assert.Contains("log.level", Assert.Throws<EngineException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_become_absolute_for_the_engine()
    {
        Net.Engine.EngineOptions options = Read(["--socket", "here/engine.sock", "--state", "there"]).ToEngineOptions(DateTimeOffset.UnixEpoch);

        Assert.True(Path.IsPathFullyQualified(options.SocketPath));
        Assert.True(Path.IsPathFullyQualified(options.StateFolder));
        Assert.Equal(DateTimeOffset.UnixEpoch, options.ProcessStartedAt);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (string Socket, string State, EngineLogLevel Level, LogFormat Format) Seen(HostOptions options) =>
        (options.Socket, options.State, options.LogLevel, options.LogFormat);

    private HostOptions Read(params string[] flags) => HostOptionsReader.Read(["--config", _folder, .. flags], _environment.GetValueOrDefault);

    private void File(string content) => System.IO.File.WriteAllText(Path.Combine(_folder, "host.json"), content);

    private void Policy(string name, string content)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "policy.d"));
        System.IO.File.WriteAllText(Path.Combine(_folder, "policy.d", name), content);
    }
}
