using System.CommandLine;
using System.CommandLine.Parsing;
using Net.Cli.Commands;
using Net.Contracts;

namespace Net.Cli.Hosting;

/// <summary>Runs one command line: parses it, calls the command, and turns every failure into its text and exit code.</summary>
internal static class CliRunner
{
    // A rule may be called "@home": no word is ever the name of a response file.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, CliServices services, CancellationToken cancellationToken)
    {
        try
        {
            ParseResult parse = CommandTree.Create(services, args).Parse(args, Parser);
            if (parse.Errors.Count > 0 && !AsksForHelp(parse))
            {
                return Refuse(parse, services.Console);
            }

            int code = await parse.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = services.Console.Out,
                    Error = services.Console.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken);
            services.Console.Out.Flush();
            return code;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            services.Console.Out.Flush();
            return ExitCodes.Interrupted;
        }
        catch (EngineException) when (cancellationToken.IsCancellationRequested)
        {
            services.Console.Out.Flush();
            return ExitCodes.Interrupted;
        }
        catch (EngineException failure)
        {
            return ErrorText.Write(services.Console, failure);
        }
        catch (CliException failure)
        {
            return ErrorText.Write(services.Console, failure.Message, failure.ErrorId, failure.RecommendedAction, failure.ExitCode);
        }
        catch (OperationCanceledException failure)
        {
            return ErrorText.Write(services.Console, failure.Message, "OperationTimedOut", "Try again.", ExitCodes.Failed);
        }
        catch (UnauthorizedAccessException failure)
        {
            return ErrorText.Write(services.Console, failure.Message, "FileNotPermitted", "Choose a place you may use, or use sudo.", ExitCodes.NotPermitted);
        }
        catch (IOException failure)
        {
            return ErrorText.Write(services.Console, failure.Message, "FileNotUsable", "Check the path and the space left.", ExitCodes.Failed);
        }
    }

    /// <summary>What is said about an exception nobody foresaw.</summary>
    public static int Explain(ICliConsole console, Exception failure) => ErrorText.Write(
        console, $"A fault in netmod itself: {failure.GetType().Name}: {failure.Message}", "InternalFault", "Report it with the command you typed.", ExitCodes.Failed);

    private static bool AsksForHelp(ParseResult parse) => parse.Action is System.CommandLine.Help.HelpAction;

    private static int Refuse(ParseResult parse, ICliConsole console)
    {
        string command = PathOf(parse.CommandResult);

        // A word that leads nowhere explains more than the command that is therefore missing.
        string message = parse.UnmatchedTokens.Count > 0 && parse.CommandResult.Command.Subcommands.Count > 0
            ? $"'{parse.UnmatchedTokens[0]}' is not a command of '{command}'."
            : parse.Errors[0].Message;
        return ErrorText.Write(console, message, ErrorIds.ArgumentInvalid, $"See '{command} --help'.", ExitCodes.BadArguments);
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "netmod";
}
