using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Serialization.Metadata;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>What the commands of <c>netmod overlay</c> share: the overlay stands first, then the name in it.</summary>
internal static class OverlayArguments
{
    /// <summary>Names for a list: none means all.</summary>
    public const string AnyNames = "Names, with * and ?; none means all.";

    /// <summary>Names for a change.</summary>
    public const string SomeNames = "Names, with * and ?.";

    /// <summary>Adds the argument for the overlay.</summary>
    public static Argument<string> WithOverlay(this Command command) => command.WithWord("OVERLAY", "The overlay.");

    /// <summary>Adds the argument for an overlay that may be left out.</summary>
    public static Argument<string?> WithAnyOverlay(this Command command) => command.WithAny("OVERLAY", "The overlay, with * and ?; none means all.");

    /// <summary>Adds an argument for one word that may be left out.</summary>
    public static Argument<string?> WithAny(this Command command, string name, string description) =>
        command.With(new Argument<string?>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne });

    /// <summary>An option that is turned on or off, and on where nothing is said; left out, things stay as they are.</summary>
    public static Option<OnOff?> OfSwitch(string name, string description)
    {
        Option<OnOff?> option = Options.OfChoice<OnOff>(name, description);
        Func<ArgumentResult, OnOff?> read = option.CustomParser!;
        option.Arity = ArgumentArity.ZeroOrOne;
        option.CustomParser = result => result.Tokens.Count == 0 ? OnOff.On : read(result);
        return option;
    }

    /// <summary>The value of such an option, or null.</summary>
    public static bool? IsOn(this CliCall call, Option<OnOff?> option) => call.Get(option) is { } value ? value == OnOff.On : null;

    /// <summary>The value of a list option, or what was there before. An empty list takes everything away.</summary>
    public static T[] Changed<T>(this CliCall call, Option<T[]?> option, T[] before) => call.Has(option) ? call.Get(option) ?? [] : before;

    /// <summary>The value of a text option, or what was there before. An empty text takes it away.</summary>
    public static string? Changed(this CliCall call, Option<string?> option, string? before) =>
        call.Has(option) ? (string.IsNullOrEmpty(call.Get(option)) ? null : call.Get(option)) : before;

    /// <summary>The values of a list option, or null when there are none.</summary>
    public static T[]? Some<T>(this CliCall call, Option<T[]?> option) => call.Get(option) is { Length: > 0 } values ? values : null;

    /// <summary>Names as the engine takes them.</summary>
    public static string[]? Patterns(string[] names) => names.Length == 0 ? null : names;

    /// <summary>Writes what became of a change.</summary>
    public static int Report<T>(CliCall call, T changed, JsonTypeInfo<T> info, ChangeOutcome outcome, ChangeOptionSet change) =>
        call.Json ? call.WriteJson(changed, info) : ChangeReport.Write(call, outcome, change.WhatIf(call));

    /// <summary>Says that a pattern matched nothing.</summary>
    public static int NothingMatches<T>(CliCall call, JsonTypeInfo<T[]> info, string noun) =>
        call.Json ? call.WriteJson([], info) : call.WriteLine($"No {noun} matches: nothing to change.");
}
