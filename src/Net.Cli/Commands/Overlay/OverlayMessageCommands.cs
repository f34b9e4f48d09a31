using System.CommandLine;
using System.Text;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod overlay message</c>.</summary>
internal static class OverlayMessageCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillSend(command.Sub("send", "Sends a message; ends when the peer's engine has it."), services);
        FillReceive(command.Sub("receive", "Streams messages of peers as they come, until Ctrl+C."), services);
    }

    private static void FillSend(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        Argument<string> peer = command.WithWord("PEER", "The peer.");
        Argument<string> topic = command.WithWord("TOPIC", "What it is about, at most 64 characters.");
        Argument<string?> text = command.WithAny("TEXT", "The text; without it and --file, standard input is sent.");
        Option<string?> file = command.With(Options.OfText("--file", "FILE", "Send this file's bytes."));
        command.Handle(services, async call =>
        {
            byte[] data = call.Get(file) is { } path
                ? await InputFile.ReadBytesAsync(call, path)
                : Encoding.UTF8.GetBytes(call.Get(text) ?? await call.Console.In.ReadToEndAsync(call.Token));
            var request = new SendOverlayMessage(call.Get(overlay), call.Get(peer), call.Get(topic), Convert.ToBase64String(data));
            Done done = await call.CallAsync(EngineApi.OverlaySendMessage, request);
            return call.Json ? call.WriteJson(done, ContractsJsonContext.Default.Done) : call.WriteLine($"{call.Get(peer)} has it ({data.Length} bytes).");
        });
    }

    private static void FillReceive(Command command, CliServices services)
    {
        Argument<string?> overlay = command.WithAnyOverlay();
        Option<string?> topic = command.With(Options.OfText("--topic", "TOPIC", "Only of this topic, with * and ?."));
        Option<string?> peer = command.With(Options.OfText("--peer", "NAME", "Only of this peer, with * and ?."));
        Option<long?> count = command.With(Options.OfNumber("--count", "NUMBER", "End after so many messages.", 1));
        command.Handle(services, async call =>
        {
            long left = call.Get(count) ?? long.MaxValue;
            var request = new ReceiveOverlayMessages(call.Get(overlay), call.Get(topic), call.Get(peer));
            await foreach (OverlayMessage message in await call.StreamAsync(EngineApi.OverlayReceiveMessages, request))
            {
                Write(call, message);
                if (--left == 0)
                {
                    break;
                }
            }

            return ExitCodes.Ok;
        });
    }

    private static void Write(CliCall call, OverlayMessage message)
    {
        if (call.Json)
        {
            JsonOutput.WriteLine(call.Out, message, ContractsJsonContext.Default.OverlayMessage);
        }
        else
        {
            call.Out.WriteLine(Output.Text.Printable($"{call.Show(message.Time)} {message.Overlay}/{message.Peer} {message.Topic}: {message.Text ?? $"base64 {message.Data}"}"));
        }

        call.Out.Flush();
    }
}
