namespace Net.Build.Tasks;

internal sealed class FormatTask : IBuildTask
{
    public string Name => "format";

    public string Arguments => "[--check]";

    public string Summary => "formats every text file as .editorconfig says, or only checks";

    public async Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        bool check = context.Arguments.TakeFlag("--check");
        context.Arguments.ExpectNothingMore();
        if (!check)
        {
            int changed = await FormatCheck.FixAsync(context, cancellationToken);
            context.Step($"formatted; {changed} files had wrong line ends, tabs or spaces");
        }

        IReadOnlyList<string> problems = await FormatCheck.CheckAsync(context, cancellationToken);
        foreach (string problem in problems)
        {
            Console.Error.WriteLine(problem);
        }

        context.Step(problems.Count == 0 ? "formatting is as .editorconfig says" : $"{problems.Count} formatting problems");
        return problems.Count == 0 ? 0 : 1;
    }
}
