namespace Net.Build.Tasks;

internal sealed class HelpTask : IBuildTask
{
    public string Name => "help";

    public string Arguments => string.Empty;

    public string Summary => "shows this list";

    public Task<int> RunAsync(BuildContext context, CancellationToken cancellationToken)
    {
        Console.WriteLine("usage: ./build.sh <task> [arguments]      or: ./build.ps1 -Task <task> [arguments]");
        foreach (IBuildTask task in TaskList.All)
        {
            Console.WriteLine($"  {task.Name + " " + task.Arguments,-50} {task.Summary}");
        }

        return Task.FromResult(0);
    }
}
