using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod firewall address-list entries|put|take</c>: what is in a list now.</summary>
internal static class FirewallAddressCommands
{
    /// <summary>Adds the commands.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillEntries(command.Sub("entries", "Lists what an address list holds now, and where it comes from."), services);
        FillPut(command.Sub("put", "Puts addresses into a list: into a dynamic one at once and for a time."), services);
        FillTake(command.Sub("take", "Takes addresses out of a list."), services);
    }

    private static void FillEntries(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The list.");
        command.Handle(services, async call => call.WriteList(
            await call.CallAsync(EngineApi.FirewallListAddressEntries, new ListFirewallAddressEntries(call.Get(name))),
            ContractsJsonContext.Default.FirewallAddressEntryArray,
            new("Address", entry => entry.Address.ToString()),
            new("Origin", entry => entry.Origin) { IsFlexible = true },
            new("Expires in", entry => entry.ExpiresIn is { } time ? Text.Duration(time) : null)));
    }

    private static void FillPut(Command command, CliServices services)
    {
        (Argument<string> name, Argument<string[]> addresses) = AddArguments(command);
        Option<TimeSpan?> timeout = command.With(Options.OfDuration("--timeout", "How long they stay in a dynamic list (default the list's own time)."));
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call => Report(
            call,
            await call.CallAsync(EngineApi.FirewallAddAddresses, new AddFirewallAddresses(call.Get(name), Read(call, addresses), call.Get(timeout), change.Read(call))),
            change));
    }

    private static void FillTake(Command command, CliServices services)
    {
        (Argument<string> name, Argument<string[]> addresses) = AddArguments(command);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call => Report(
            call,
            await call.CallAsync(EngineApi.FirewallRemoveAddresses, new RemoveFirewallAddresses(call.Get(name), Read(call, addresses), change.Read(call))),
            change));
    }

    private static (Argument<string> Name, Argument<string[]> Addresses) AddArguments(Command command)
    {
        Argument<string> name = command.WithWord("NAME", "The list.");
        Argument<string[]> addresses = command.With(new Argument<string[]>("ADDRESS") { Description = "Addresses, prefixes or ranges.", Arity = ArgumentArity.OneOrMore });
        addresses.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(token => token.Value).Where(text => !AddressRange.TryParse(text, null, out _)))
            {
                result.AddError($"ADDRESS: '{text}' is not an address, a prefix or a range.");
            }
        });
        return (name, addresses);
    }

    private static AddressRange[] Read(CliCall call, Argument<string[]> addresses) => Array.ConvertAll(call.Get(addresses), AddressRange.Parse);

    private static int Report(CliCall call, FirewallAddressListsChanged changed, ChangeOptionSet change) =>
        OverlayArguments.Report(call, changed, ContractsJsonContext.Default.FirewallAddressListsChanged, changed.Outcome, change);
}
