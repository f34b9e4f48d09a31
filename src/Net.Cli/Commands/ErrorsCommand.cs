using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Client;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary><c>netmod errors [ID]</c>: the catalogue of errors.</summary>
internal static class ErrorsCommand
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        Argument<string[]> ids = command.With(new Argument<string[]>("ID") { Description = "Ids, with * and ?; none means all.", Arity = ArgumentArity.ZeroOrMore });
        command.Handle(services, call => Show(call, call.Get(ids)));
    }

    private static int Show(CliCall call, string[] ids)
    {
        NamePattern[] patterns = [.. ids.Select(id => new NamePattern(id))];
        foreach (NamePattern pattern in patterns)
        {
            if (pattern.IsLiteral && !ErrorCatalogue.ById.Keys.Any(pattern.Matches))
            {
                throw new CliException(ExitCodes.Failed, "ErrorNotFound", $"No error has the id '{pattern}'.", "List them with 'netmod errors'.");
            }
        }

        ErrorDefinition[] found = [.. ErrorCatalogue.ById.Values
            .Where(definition => patterns.Length == 0 || Array.Exists(patterns, pattern => pattern.Matches(definition.Id)))
            .OrderBy(definition => definition.Id, StringComparer.Ordinal)];
        if (found.Length == 1 && !call.Json)
        {
            Table.WriteFacts(
                call.Out,
                ("Id", found[0].Id),
                ("Kind", Text.Name(found[0].Code)),
                ("Exit code", Text.Number(ErrorCodes.ToExitCode(found[0].Code))),
                ("Meaning", found[0].Meaning),
                ("What to do", found[0].RecommendedAction));
            return ExitCodes.Ok;
        }

        return call.WriteList(
            found,
            CliJsonContext.Default.ErrorDefinitionArray,
            new TableColumn<ErrorDefinition>("Id", definition => definition.Id),
            new("Kind", definition => Text.Name(definition.Code)),
            new("Exit", definition => Text.Number(ErrorCodes.ToExitCode(definition.Code))) { IsNumber = true },
            new("Meaning", definition => definition.Meaning) { IsFlexible = true });
    }
}
