using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary>The commands of <c>netmod config</c> that read or write a document.</summary>
internal static class ConfigFileCommands
{
    /// <summary>Fills <c>export</c> in.</summary>
    public static void FillExport(Command command, CliServices services)
    {
        Argument<string> file = command.With(new Argument<string>("FILE")
        {
            Description = "The file to write; none or - means standard output.",
            DefaultValueFactory = _ => InputFile.StandardStream,
        });
        Option<ConfigurationFormat?> format = command.With(Options.OfChoice<ConfigurationFormat>("--format", "How to write it (default: by the file's ending, else json)."));
        Option<long?> generation = command.With(Options.OfNumber("--generation", "NUMBER", "A kept generation instead of the one in force.", 0));
        Option<bool> force = command.With(Options.OfFlag("--force", "Replace the file if it exists."));
        command.Handle(services, async call =>
        {
            string path = call.Get(file);
            OutputFile.RequireFree(path, call.Get(force));
            ConfigurationFormat chosen = call.Get(format) ?? FormatOf(path) ?? ConfigurationFormat.Json;
            ConfigurationText text = await call.CallAsync(EngineApi.ConfigurationExport, new ExportConfiguration(chosen, call.Get(generation)));
            if (path == InputFile.StandardStream)
            {
                return call.Json
                    ? call.WriteJson(text, ContractsJsonContext.Default.ConfigurationText)
                    : call.WriteLine(text.Text.TrimEnd());
            }

            await OutputFile.WriteAsync(path, System.Text.Encoding.UTF8.GetBytes(text.Text), call.Get(force), secret: false, call.Token);
            return call.Json
                ? call.WriteJson(text, ContractsJsonContext.Default.ConfigurationText)
                : call.WriteLine($"Wrote generation {text.Generation} to {path}.");
        });
    }

    /// <summary>Fills <c>apply</c> and <c>import</c> in.</summary>
    public static void FillApply(Command command, CliServices services)
    {
        Argument<string> file = FileArgument(command);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            string text = await InputFile.ReadAsync(call, call.Get(file));
            var request = new ImportConfiguration(text, FormatOf(call.Get(file)), change.Read(call));
            return Report(call, await call.CallAsync(EngineApi.ConfigurationImport, request), change);
        });
    }

    /// <summary>Fills <c>plan</c> in.</summary>
    public static void FillPlan(Command command, CliServices services)
    {
        Argument<string> file = FileArgument(command);
        command.Handle(services, async call =>
        {
            ConfigurationTestResult result = await TestAsync(call, call.Get(file));
            if (!call.Json && result is { IsValid: true, Plan: { } plan })
            {
                return ReportPlan(call, plan, "Nothing to change: the file is in force.");
            }

            return call.Json
                ? call.WriteJson(result, ContractsJsonContext.Default.ConfigurationTestResult, result.IsValid ? ExitCodes.Ok : ExitCodes.Failed)
                : throw Invalid(result);
        });
    }

    /// <summary>Fills <c>test</c> in.</summary>
    public static void FillTest(Command command, CliServices services)
    {
        Argument<string?> file = command.With(new Argument<string?>("FILE")
        {
            Description = "JSON or YAML, - means standard input; none checks the configuration in force.",
            Arity = ArgumentArity.ZeroOrOne,
        });
        command.Handle(services, async call =>
        {
            ConfigurationTestResult result = await TestAsync(call, call.Get(file));
            int exitCode = result is { IsValid: true, InDesiredState: true } ? ExitCodes.Ok : ExitCodes.Failed;
            if (call.Json)
            {
                return call.WriteJson(result, ContractsJsonContext.Default.ConfigurationTestResult, exitCode);
            }

            if (!result.IsValid)
            {
                throw Invalid(result);
            }

            if (result.Plan is { } plan)
            {
                ChangeReport.WritePlan(call, plan);
            }

            return call.WriteLine(result.InDesiredState ? "Valid and in force." : "Valid, but not in force.", exitCode);
        });
    }

    /// <summary>Writes what became of a change.</summary>
    public static int Report(CliCall call, ChangeOutcome outcome, ChangeOptionSet change) => call.Json
        ? call.WriteJson(outcome, ContractsJsonContext.Default.ChangeOutcome)
        : ChangeReport.Write(call, outcome, change.WhatIf(call));

    /// <summary>Writes a plan, or a sentence when it is empty.</summary>
    public static int ReportPlan(CliCall call, ConfigurationPlan plan, string empty)
    {
        if (call.Json)
        {
            return call.WriteJson(plan, ContractsJsonContext.Default.ConfigurationPlan);
        }

        ChangeReport.WritePlan(call, plan);
        return plan.Changes.Length == 0 ? call.WriteLine(empty) : ExitCodes.Ok;
    }

    private static async Task<ConfigurationTestResult> TestAsync(CliCall call, string? file) => await call.CallAsync(
        EngineApi.ConfigurationTest,
        file is null ? new TestConfiguration() : new TestConfiguration(await InputFile.ReadAsync(call, file), FormatOf(file)));

    private static CliException Invalid(ConfigurationTestResult result)
    {
        IEnumerable<string> problems = result.Problems.Select(problem => $"{problem.Place}: {problem.Message} ({problem.ErrorId})");
        return new CliException(
            ExitCodes.Failed,
            ErrorCatalogue.ConfigurationInvalid.Id,
            result.Problems.Length == 1 ? "The document has a problem." : $"The document has {result.Problems.Length} problems.",
            string.Join("\n  ", problems));
    }

    private static Argument<string> FileArgument(Command command) => command.WithWord("FILE", "JSON or YAML; - means standard input.");

    private static ConfigurationFormat? FormatOf(string? path) => Path.GetExtension(path)?.ToUpperInvariant() switch
    {
        ".JSON" => ConfigurationFormat.Json,
        ".YAML" or ".YML" => ConfigurationFormat.Yaml,
        _ => null,
    };
}
