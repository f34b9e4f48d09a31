using System.CommandLine;
using System.Net;
using Net.Cli.Hosting;

namespace Net.Cli.Commands;

/// <summary><c>netmod traffic</c>: packets to measure networks and relays with. Needs no engine.</summary>
internal static class TrafficCommands
{
    /// <summary>The longest a command may run.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        TrafficSendCommand.Fill(command.Sub("send", "Sends numbered, stamped and checked packets at a rate, to be judged by 'netmod traffic receive'."), services);
        TrafficReceiveCommand.Fill(command.Sub("receive", "Receives what 'netmod traffic send' sent; tells loss, order, repetition, damage and latency."), services);
    }

    /// <summary>An address that was typed.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static IPAddress Address(string option, string text) => IPAddress.TryParse(text, out IPAddress? address)
        ? address
        : throw Unusable($"{option}: '{text}' is not an IP address.");

    /// <summary>A duration within what a command may take.</summary>
    /// <exception cref="CliException">It is not.</exception>
    public static TimeSpan Duration(string option, TimeSpan? typed, TimeSpan byDefault)
    {
        TimeSpan duration = typed ?? byDefault;
        return duration > TimeSpan.Zero && duration <= Longest ? duration : throw Unusable($"{option} must be longer than nothing and 24h at most.");
    }

    /// <summary>Refuses an argument.</summary>
    public static CliException Unusable(string message) => new(ExitCodes.BadArguments, ErrorIds.ArgumentInvalid, message, "See 'netmod traffic --help'.");
}
