using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod relay settings show|set</c>.</summary>
internal static class RelaySettingCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        command.Sub("show", "Shows the settings, and who asks for receivers on each link.").Handle(services, async call =>
        {
            RelaySettings settings = await call.CallAsync(EngineApi.RelayGetSettings, new GetRelaySettings());
            return call.Json ? call.WriteJson(settings, ContractsJsonContext.Default.RelaySettings) : Write(call, settings);
        });
        FillSet(command.Sub("set", "Changes the settings named."), services);
    }

    private static void FillSet(Command command, CliServices services)
    {
        Option<long?> workers = command.With(Options.OfNumber("--workers", "NUMBER", "Worker processes; 0 for as many as cores, at most 4 (default).", 0, 64));
        Option<OnOff?> pin = command.With(OverlayArguments.OfSwitch("--pin-workers", "Pin each worker to a core (default on)."));
        Option<long?> ring = command.With(Options.OfNumber("--ring-bytes", "BYTES", "Packet rings of one worker (default 12582912).", 1 << 20, 16 << 20));
        Option<OnOff?> site = command.With(OverlayArguments.OfSwitch("--allow-site-scope", "Let outputs to site-local groups have a TTL above 1 (default off)."));
        Option<OnOff?> organization = command.With(OverlayArguments.OfSwitch(
            "--allow-organization-scope", "Let outputs to organization-local groups have a TTL above 1 (default off)."));
        Option<OnOff?> xdp = command.With(OverlayArguments.OfSwitch(
            "--allow-virtual-xdp", "Let XDP take rules of virtual interfaces too: for containers whose senders are other hosts (default off)."));
        var querier = new Option<RelayQuerier[]?>("--querier")
        {
            Description = "An interface to ask for receivers on: INTERFACE, then interval=, address=, enabled= as needed, with commas. Repeat it; all are replaced, '' leaves none.",
            HelpName = "QUERIER",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ReadQueriers,
        };
        command.Add(querier);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, call => GuardedChange.RunAsync(
            call,
            async generation =>
            {
                RelaySettings before = await call.CallAsync(EngineApi.RelayGetSettings, new GetRelaySettings());
                var wanted = new RelaySettings
                {
                    Workers = (int?)call.Get(workers) ?? before.Workers,
                    PinWorkers = call.IsOn(pin) ?? before.PinWorkers,
                    RingBytes = (int?)call.Get(ring) ?? before.RingBytes,
                    AllowSiteScope = call.IsOn(site) ?? before.AllowSiteScope,
                    AllowOrganizationScope = call.IsOn(organization) ?? before.AllowOrganizationScope,
                    AllowVirtualXdp = call.IsOn(xdp) ?? before.AllowVirtualXdp,
                    Queriers = [.. call.Changed(querier, before.Queriers).Select(one => one with { IsElected = null, ElectedAddress = null })],
                };
                RelaySettingsChanged changed = await call.CallAsync(EngineApi.RelaySetSettings, new SetRelaySettings(wanted, change.Read(call, generation)));
                return OverlayArguments.Report(call, changed, ContractsJsonContext.Default.RelaySettingsChanged, changed.Outcome, change);
            },
            change.NamesGeneration(call)));
    }

    private static int Write(CliCall call, RelaySettings settings)
    {
        Table.WriteFacts(
            call.Out,
            ("Workers", settings.Workers == 0 ? "automatic" : settings.Workers.ToString(CultureInfo.InvariantCulture)),
            ("Pinned to cores", Text.YesNo(settings.PinWorkers)),
            ("Ring MiB", Text.Mebibytes(settings.RingBytes)),
            ("Site scope", settings.AllowSiteScope ? "any TTL" : "TTL 1"),
            ("Organization scope", settings.AllowOrganizationScope ? "any TTL" : "TTL 1"),
            ("XDP on virtual links", Text.YesNo(settings.AllowVirtualXdp)));
        foreach (RelayQuerier querier in settings.Queriers)
        {
            string state = !querier.Enabled ? "off" : querier.IsElected == true ? "elected" : querier.ElectedAddress is { } other ? $"{other} is elected" : "waits";
            call.Out.WriteLine(Text.Printable($"Querier at {querier.InterfaceAlias}, every {Text.Duration(querier.QueryInterval)}: {state}"));
        }

        return ExitCodes.Ok;
    }

    private static RelayQuerier[]? ReadQueriers(ArgumentResult result)
    {
        var queriers = new List<RelayQuerier>();
        foreach (Token token in result.Tokens.Where(token => token.Value.Length > 0))
        {
            string[] parts = token.Value.Split(',', StringSplitOptions.TrimEntries);
            var querier = new RelayQuerier { InterfaceAlias = parts[0] };
            if (parts[0].Length == 0 || parts[0].Contains('=', StringComparison.Ordinal) || !Array.TrueForAll(parts[1..], part => Set(querier, part)))
            {
                return Options.Refuse<RelayQuerier[]>(result, $"--querier: '{token.Value}' is not an interface, then interval=30s, address=192.0.2.1 or enabled=false.");
            }

            queriers.Add(querier);
        }

        return [.. queriers];
    }

    private static bool Set(RelayQuerier querier, string part)
    {
        string[] pair = part.Split('=', 2);
        switch (pair[0])
        {
            case "interval" when pair.Length == 2 && DurationText.TryParse(pair[1], out TimeSpan interval):
                querier.QueryInterval = interval;
                return true;
            case "address" when pair.Length == 2 && pair[1].Length > 0:
                querier.Address = pair[1];
                return true;
            case "enabled" when pair.Length == 2 && bool.TryParse(pair[1], out bool enabled):
                querier.Enabled = enabled;
                return true;
            default:
                return false;
        }
    }
}
