using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine;

namespace Net.Service.Tests;

/// <summary>Log levels by area.</summary>
public sealed class LogLevelSwitchTests
{
    private const string Rpc = "Net.Engine.Rpc.EngineServer";
    private const string Paths = "Net.Engine.Paths.PathSubsystem";

    [Fact]
    public void The_default_holds_for_every_category()
    {
        var levels = new LogLevelSwitch(EngineLogLevel.Warning);

        Assert.All([Rpc, Paths, "Microsoft.Hosting", "Net.Engine.NetEngine", null], category =>
        {
            Assert.True(levels.IsEnabled(category, LogLevel.Warning));
            Assert.True(levels.IsEnabled(category, LogLevel.Critical));
            Assert.False(levels.IsEnabled(category, LogLevel.Information));
        });
    }

    [Fact]
    public void An_area_has_its_own_level_until_it_is_taken_back()
    {
        var levels = new LogLevelSwitch(EngineLogLevel.Information);

        levels.Set("RPC", EngineLogLevel.Trace);
        Assert.True(levels.IsEnabled(Rpc, LogLevel.Trace));
        Assert.False(levels.IsEnabled(Paths, LogLevel.Debug));

        levels.Set("*", EngineLogLevel.Error);
        Assert.True(levels.IsEnabled(Rpc, LogLevel.Trace));
        Assert.False(levels.IsEnabled(Paths, LogLevel.Warning));

        levels.Set("rpc", null);
        Assert.False(levels.IsEnabled(Rpc, LogLevel.Warning));
        levels.Set("*", null);
        Assert.True(levels.IsEnabled(Paths, LogLevel.Information));
    }

    [Fact]
    public void None_silences_even_what_is_critical()
    {
        var levels = new LogLevelSwitch(EngineLogLevel.Information);

        levels.Set("paths", EngineLogLevel.None);

        Assert.False(levels.IsEnabled(Paths, LogLevel.Critical));
        Assert.True(levels.IsEnabled(Rpc, LogLevel.Critical));
    }

    [Fact]
    public void An_area_that_does_not_exist_is_refused_with_those_that_do()
    {
        EngineException refused = Assert.Throws<EngineException>(() => new LogLevelSwitch(EngineLogLevel.Information).Set("frewall", EngineLogLevel.Debug));

        Assert.Contains("firewall", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_area_is_a_namespace_of_the_engine_that_logs_and_every_such_namespace_is_an_area()
    {
        string[] namespaces =
        [
            .. typeof(EngineOptions).Assembly.GetTypes()
                .Where(type => type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)
                    .Any(field => typeof(ILogger).IsAssignableFrom(field.FieldType)))
                .Select(type => type.Namespace!.Split('.')[2].ToLowerInvariant())
                .Distinct(),
        ];

        Assert.Empty(namespaces.Except(LogLevelSwitch.Areas));
    }
}
