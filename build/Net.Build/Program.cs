using Net.Build;
using Net.Build.Tasks;

// The one implementation behind build.sh and build.ps1.
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

string name = args.Length == 0 ? "help" : args[0].TrimStart('-').ToLowerInvariant();
IBuildTask? task = TaskList.Find(name);
if (task is null)
{
    Console.Error.WriteLine($"There is no task '{name}'.");
    await new HelpTask().RunAsync(BuildContext.Create([]), CancellationToken.None);
    return 2;
}

try
{
    return await task.RunAsync(BuildContext.Create(args.Skip(1)), stop.Token);
}
catch (BuildFailedException failure)
{
    Console.Error.WriteLine($"{task.Name}: {failure.Message}");
    return failure.ExitCode;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine($"{task.Name}: stopped.");
    return 130;
}
