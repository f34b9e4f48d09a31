using Net.Build.Tasks;

namespace Net.Build;

/// <summary>Every task there is, in the order help shows them.</summary>
internal static class TaskList
{
    public static IReadOnlyList<IBuildTask> All { get; } =
    [
        new DemoTask(),
        new TestTask(),
        new BenchTask(),
        new SoakTask(),
        new RunTask(),
        new InstallTask(),
        new PackageTask(),
        new PublishTask(),
        new FormatTask(),
        new PowerShellTask(),
        new HooksTask(),
        new CleanTask(),
        new HelpTask(),
    ];

    public static IBuildTask? Find(string name) => All.FirstOrDefault(task => task.Name == name);
}
