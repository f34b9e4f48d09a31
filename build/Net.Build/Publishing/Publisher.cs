using System.Security.Cryptography;
using System.Text;

namespace Net.Build.Publishing;

/// <summary>
/// Publishes the real programs (trimmed, self-contained; the worker as native code, the others ReadyToRun) and lays out the module.
/// Each is skipped while nothing it is made from changed. A separate work folder keeps the restore of a runtime apart from that of
/// the ordinary build.
/// </summary>
internal sealed class Publisher(BuildContext context)
{
    public const string LinuxRuntime = "linux-x64";

    /// <summary>What is published: the project and the folder (and program) name. Trimmed runtimes differ, so each has its own folder.</summary>
    private static readonly (string Project, string Program)[] Programs = [("Net.Service", "netmod-engine"), ("Net.Worker", Worker), ("Net.Cli", "netmod")];

    private const string Worker = "netmod-worker";

    private static readonly string[] ReadyToRun = ["-p:PublishTrimmed=true", "-p:PublishReadyToRun=true"];

    // Needs a linker and packages that not every host reaches. Only trying tells.
    private static readonly string[] Native = ["-p:PublishAot=true", "-p:NativeDebugSymbols=false"];
    private static readonly string[] Linkers = ["clang", "gcc"];

    // The compiler is told to do nothing; Directory.Build.targets takes what it made before.
    private static readonly string[] Compiled =
        ["-p:TakesCompiled=true", "-p:SkipCompilerExecution=true", "-p:ProduceReferenceAssembly=false", "-p:GenerateDocumentationFile=false"];

    // Test projects that start the real programs.
    private static readonly HashSet<string> Users = new(StringComparer.Ordinal) { "Net.Service.Tests", "Net.Cli.Tests" };

    private static readonly string[] InputFolders = ["src", "module", "help"];

    /// <summary>Whether the whole solution was built just now, so that its assemblies need not be compiled again: that is half of the time it takes.</summary>
    public bool IsCompiled { get; init; }

    private string Work => context.PathOf("artifacts", "publish-work");

    public static bool IsNeededBy(string testProject) => Users.Contains(testProject);

    /// <summary>The folder of a published program.</summary>
    public string FolderOf(string program, string runtime = LinuxRuntime) =>
        runtime == LinuxRuntime ? context.PathOf("artifacts", "publish", program) : context.PathOf("artifacts", "publish", runtime, program);

    public string ExecutableOf(string program) => Path.Combine(FolderOf(program), OperatingSystem.IsWindows() ? program + ".exe" : program);

    /// <summary>Brings programs and module up to date.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        foreach ((string project, string program) in Programs)
        {
            if (HasSources(project))
            {
                await PublishProgramAsync(project, program, LinuxRuntime, cancellationToken);
            }
        }

        await LayOutModuleAsync(cancellationToken);
    }

    /// <summary>Publishes one program for one runtime unless it is up to date; false when the runtime cannot be restored here.</summary>
    public async Task<bool> PublishProgramAsync(string project, string program, string runtime, CancellationToken cancellationToken)
    {
        string output = FolderOf(program, runtime);
        string stamp = output + ".stamp";
        string inputs = Fingerprint() + (program == Worker && !Linkers.Any(linker => ProcessRunner.Find(linker) is not null) ? " without a linker" : string.Empty);
        if (Directory.Exists(output) && File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellationToken) == inputs)
        {
            return true;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(stamp)!);
        File.Delete(stamp);
        if (program == Worker && runtime == LinuxRuntime)
        {
            ProcessResult native = await PublishAsync(project, program, runtime, "native code", Native, cancellationToken);
            if (native.ExitCode == 0)
            {
                await File.WriteAllTextAsync(stamp, inputs, cancellationToken);
                return true;
            }

            context.Step($"{program} cannot be made native code here, it starts slower and takes more memory: {FirstError(native.Output)}");
        }

        ProcessResult result = await PublishAsync(project, program, runtime, "trimmed, ReadyToRun", ReadyToRun, cancellationToken);
        if (result.ExitCode != 0)
        {
            if (runtime != LinuxRuntime)
            {
                context.Step($"{program} cannot be published for {runtime} here: {FirstError(result.Output)}");
                return false;
            }

            throw new BuildFailedException($"publishing {project} failed:\n{result.Output.Trim()}");
        }

        await File.WriteAllTextAsync(stamp, inputs, cancellationToken);
        return true;
    }

    private async Task<ProcessResult> PublishAsync(string project, string program, string runtime, string kind, string[] properties, CancellationToken cancellationToken)
    {
        context.Step($"publish {program} for {runtime} ({kind})");

        // The SDK writes the list of assemblies anew only when packages change, not when trimming keeps an assembly it did not keep before: the program would not find it.
        string assemblies = Path.Combine(Work, "obj", project, $"release_{runtime}", program + ".deps.json");
        if (File.Exists(assemblies))
        {
            File.Delete(assemblies);
        }

        string output = FolderOf(program, runtime);
        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true);
        }

        return await ProcessRunner.RunAsync(
            new ProcessRequest("dotnet",
            [
                "publish", context.PathOf("src", project, project + ".csproj"), "-c", "Release", "-r", runtime, "--self-contained", "--artifacts-path", Work,
                "-o", output, .. properties, .. IsCompiled ? Compiled : [], "-p:DebugType=none", "-p:RunAnalyzers=false", "-p:PublishDocumentationFiles=false", "-p:PublishReferencesDocumentationFiles=false", "-nologo", "-v:q",
            ])
            {
                WorkingDirectory = context.Root,
                Timeout = TimeSpan.FromMinutes(10),
            },
            cancellationToken);
    }

    /// <summary>Builds the module; its project lays it out under artifacts/module.</summary>
    private async Task LayOutModuleAsync(CancellationToken cancellationToken)
    {
        string stamp = context.PathOf("artifacts", "module.stamp");
        string inputs = Fingerprint();
        if (!HasSources("Net.PowerShell")
            || (Directory.Exists(context.PathOf("artifacts", "module")) && File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellationToken) == inputs))
        {
            return;
        }

        await context.DotnetAsync(
            "build and lay out the module",
            ["build", context.PathOf("src", "Net.PowerShell", "Net.PowerShell.csproj"), "-c", "Release", "-nologo", "-v:q", "-clp:NoSummary"],
            cancellationToken);
        Directory.CreateDirectory(context.Artifacts);
        await File.WriteAllTextAsync(stamp, inputs, cancellationToken);
    }

    private bool HasSources(string project) => Directory.EnumerateFiles(context.PathOf("src", project), "*.cs", SearchOption.AllDirectories).Any();

    // Names, sizes and times of everything that can change the output: a removed file counts too.
    private string Fingerprint()
    {
        StringBuilder text = new();
        IEnumerable<string> folders = InputFolders.Select(folder => context.PathOf(folder)).Where(Directory.Exists);
        IEnumerable<string> files = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(context.Root, "Directory.*"))
            .Append(context.PathOf("global.json"));
        foreach (FileInfo file in files.Order(StringComparer.Ordinal).Select(file => new FileInfo(file)))
        {
            text.Append(file.FullName).Append('|').Append(file.Length).Append('|').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // Without the file it was found in and the project it was found for: "file(1,2): error CODE: text [project]".
    private static string FirstError(string output)
    {
        string line = output.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? output.Trim();
        int start = line.IndexOf(": error", StringComparison.Ordinal);
        int end = line.LastIndexOf(" [", StringComparison.Ordinal);
        return start < 0 || end < start ? line : line[(start + 2)..end];
    }
}
