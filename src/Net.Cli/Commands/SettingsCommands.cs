using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The commands for settings of which there is one set: <c>show</c> and <c>set</c>.</summary>
/// <typeparam name="T">The record of the settings.</typeparam>
internal sealed class SettingsCommands<T>
    where T : class
{
    /// <summary>What people call them.</summary>
    public required string Noun { get; init; }

    /// <summary>Their JSON.</summary>
    public required JsonTypeInfo<T> Info { get; init; }

    /// <summary>Asks the engine for them; the answer is the caller's own.</summary>
    public required Func<CliCall, Task<T>> GetAsync { get; init; }

    /// <summary>Replaces them.</summary>
    public required Func<CliCall, T, ChangeOptions?, Task<ItemChange>> SetAsync { get; init; }

    /// <summary>Adds the options that stand for members.</summary>
    public required Action<ItemFields<T>> AddFields { get; init; }

    /// <summary>Names and values to read.</summary>
    public required Func<T, (string Name, string? Value)[]> Facts { get; init; }

    /// <summary>Fills the command in.</summary>
    public void Fill(Command command, CliServices services)
    {
        command.Sub("show", $"Shows {Noun}.").Handle(services, async call =>
        {
            T settings = await GetAsync(call);
            if (call.Json)
            {
                return call.WriteJson(settings, Info);
            }

            Table.WriteFacts(call.Out, Facts(settings));
            return ExitCodes.Ok;
        });

        Command set = command.Sub("set", $"Changes the members named of {Noun}.");
        var fields = new ItemFields<T>(set, isNew: false);
        AddFields(fields);
        ChangeOptionSet change = ChangeOptionSet.AddTo(set);
        set.Handle(services, call => GuardedChange.RunAsync(
            call,
            async generation =>
            {
                ItemChange changed = await SetAsync(call, fields.ApplyTo(call, await GetAsync(call)), change.Read(call, generation));
                return call.Json ? changed.WriteJson(call) : ChangeReport.Write(call, changed.Outcome, change.WhatIf(call));
            },
            change.NamesGeneration(call)));
    }
}
