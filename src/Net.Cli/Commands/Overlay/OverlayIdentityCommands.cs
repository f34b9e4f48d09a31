using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod overlay identity</c>.</summary>
internal static class OverlayIdentityCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists node keys, public halves only."), services);
        FillAdd(command.Sub("add", "Makes a node key."), services);
        FillRotate(command.Sub("rotate", "Gives an identity a new key; its overlay address stays."), services);
        FillRemove(command.Sub("remove", "Removes an identity that no overlay uses; its key is gone."), services);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.AnyNames);
        command.Handle(services, async call =>
        {
            OverlayIdentity[] identities = await call.CallAsync(EngineApi.OverlayListIdentities, new ListOverlayIdentities(OverlayArguments.Patterns(call.Get(names))));
            return call.WriteList(identities, ContractsJsonContext.Default.OverlayIdentityArray, OverlayColumns.Identities(call));
        });
    }

    private static void FillAdd(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The identity's name.");
        command.Handle(services, async call => Write(call, await call.CallAsync(EngineApi.OverlayCreateIdentity, new CreateOverlayIdentity(call.Get(name)))));
    }

    private static void FillRotate(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The identity's name.");
        command.Handle(services, async call => Write(call, await call.CallAsync(EngineApi.OverlayRotateIdentity, new RotateOverlayIdentity(call.Get(name)))));
    }

    private static void FillRemove(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The identity's name.");
        command.Handle(services, async call =>
        {
            Done done = await call.CallAsync(EngineApi.OverlayRemoveIdentity, new RemoveOverlayIdentity(call.Get(name)));
            return call.Json ? call.WriteJson(done, ContractsJsonContext.Default.Done) : call.WriteLine("Removed.");
        });
    }

    private static int Write(CliCall call, OverlayIdentity identity)
    {
        if (call.Json)
        {
            return call.WriteJson(identity, ContractsJsonContext.Default.OverlayIdentity);
        }

        Table.WriteFacts(
            call.Out,
            ("Identity", identity.Name),
            ("Public key", identity.PublicKey),
            ("Node id", identity.NodeId),
            ("Created", call.Show(identity.CreatedAt)),
            ("Rotated", call.Show(identity.RotatedAt)),
            ("Used by", Text.List(identity.UsedBy)));
        return ExitCodes.Ok;
    }
}
