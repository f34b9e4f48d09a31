using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Client;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The commands for things that are listed, made, changed and removed by name: <c>list</c>, <c>add</c>, <c>set</c>, <c>remove</c>, and where they can be switched
/// <c>enable</c> and <c>disable</c>.</summary>
/// <typeparam name="T">The record of one thing.</typeparam>
internal sealed class ItemCommands<T>
    where T : class
{
    /// <summary>What people call one.</summary>
    public required string Noun { get; init; }

    /// <summary>What people call several.</summary>
    public required string Plural { get; init; }

    /// <summary>The failure when there is none of a name.</summary>
    public required ErrorDefinition NotFound { get; init; }

    /// <summary>Their JSON.</summary>
    public required JsonTypeInfo<T[]> Info { get; init; }

    /// <summary>Its name.</summary>
    public required Func<T, string> NameOf { get; init; }

    /// <summary>One with a name and the contract's defaults.</summary>
    public required Func<string, T> New { get; init; }

    /// <summary>A copy as a document has it, without what is so now.</summary>
    public required Func<T, T> Document { get; init; }

    /// <summary>Asks the engine for those of some names, or for all.</summary>
    public required Func<CliCall, string[]?, Task<T[]>> ListAsync { get; init; }

    /// <summary>Adds one.</summary>
    public required Func<CliCall, T, ChangeOptions?, Task<ItemChange>> CreateAsync { get; init; }

    /// <summary>Replaces some.</summary>
    public required Func<CliCall, T[], ChangeOptions?, Task<ItemChange>> SetAsync { get; init; }

    /// <summary>Removes some by their exact names.</summary>
    public required Func<CliCall, string[], ChangeOptions?, Task<ItemChange>> RemoveAsync { get; init; }

    /// <summary>Adds the options that stand for members.</summary>
    public required Action<ItemFields<T>> AddFields { get; init; }

    /// <summary>The columns of the table.</summary>
    public required Func<CliCall, TableColumn<T>[]> Columns { get; init; }

    /// <summary>Switches a copy; null where things of this kind cannot be switched.</summary>
    public Action<T, bool>? Enable { get; init; }

    /// <summary>Adds options of <c>list</c>, and gives what then asks the engine; null for none.</summary>
    public Func<Command, Func<CliCall, string[]?, Task<T[]>>>? AddListOptions { get; init; }

    /// <summary>Fills the command in.</summary>
    public void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", $"Lists {Plural}."), services);
        FillAdd(command.Sub("add", $"Adds a {Noun}."), services);
        FillSet(command.Sub("set", $"Changes the members named of one or more {Plural}."), services);
        FillRemove(command.Sub("remove", $"Removes {Plural}, all or none."), services);
        if (Enable is not null)
        {
            FillEnable(command.Sub("enable", $"Lets {Plural} take part."), services, enabled: true);
            FillEnable(command.Sub("disable", $"Takes {Plural} out without removing them."), services, enabled: false);
        }
    }

    private void FillList(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.AnyNames);
        Func<CliCall, string[]?, Task<T[]>> list = AddListOptions?.Invoke(command) ?? ListAsync;
        command.Handle(services, async call => call.WriteList(await NamedAsync(call, call.Get(names), list), Info, Columns(call)));
    }

    private void FillAdd(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The name.");
        var fields = new ItemFields<T>(command, isNew: true);
        AddFields(fields);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call => Report(call, await CreateAsync(call, fields.ApplyTo(call, New(call.Get(name))), change.Read(call)), change));
    }

    private void FillSet(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        var fields = new ItemFields<T>(command, isNew: false);
        AddFields(fields);
        HandleEdit(command, services, names, fields.ApplyTo);
    }

    private void FillEnable(Command command, CliServices services, bool enabled)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        HandleEdit(
            command,
            services,
            names,
            (_, item) =>
            {
                Enable!(item, enabled);
                return item;
            });
    }

    private void FillRemove(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            string[] wanted = call.Get(names);
            string[] exact = Array.Exists(wanted, name => !new NamePattern(name).IsLiteral)
                ? [.. (await NamedAsync(call, wanted, ListAsync)).Select(NameOf)]
                : wanted;
            return exact.Length == 0 ? OverlayArguments.NothingMatches(call, Info, Noun) : Report(call, await RemoveAsync(call, exact, change.Read(call)), change);
        });
    }

    private void HandleEdit(Command command, CliServices services, Argument<string[]> names, Func<CliCall, T, T> edit)
    {
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, call => GuardedChange.RunAsync(
            call,
            async generation =>
            {
                T[] changed = [.. (await NamedAsync(call, call.Get(names), ListAsync)).Select(item => edit(call, Document(item)))];
                return changed.Length == 0
                    ? OverlayArguments.NothingMatches(call, Info, Noun)
                    : Report(call, await SetAsync(call, changed, change.Read(call, generation)), change);
            },
            change.NamesGeneration(call)));
    }

    private async Task<T[]> NamedAsync(CliCall call, string[] names, Func<CliCall, string[]?, Task<T[]>> list)
    {
        T[] items = await list(call, OverlayArguments.Patterns(names));
        GuardedChange.RequireAll(names, items.Select(NameOf), () => NotFound, Noun);
        return items;
    }

    private static int Report(CliCall call, ItemChange changed, ChangeOptionSet change) =>
        call.Json ? changed.WriteJson(call) : ChangeReport.Write(call, changed.Outcome, change.WhatIf(call));
}
