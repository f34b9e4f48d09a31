namespace Net.Cli.Engine;

/// <summary>Where an installation puts things, below a root that is <c>/</c> except when an image is built or a test runs.</summary>
internal sealed class InstallLayout(string root)
{
    /// <summary>The folder of programs, without the leading slash.</summary>
    public const string LibraryFolder = "usr/lib/netmod";

    /// <summary>The engine's folder in it.</summary>
    public const string EngineFolder = "netmod-engine";

    /// <summary>The folder of the program that moves packets without privileges.</summary>
    public const string WorkerFolder = "netmod-worker";

    /// <summary>The command line's folder in it. A folder each, because each is trimmed to its own needs and carries its own runtime.</summary>
    public const string CliFolder = "netmod";

    /// <summary>The name of the unit.</summary>
    public const string UnitName = "netmod.service";

    /// <summary>The root.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Whether it is the running system.</summary>
    public bool IsSystem => Root == "/";

    /// <summary>Everything that is copied.</summary>
    public string Library => At(LibraryFolder);

    /// <summary>The engine's folder.</summary>
    public string Engine => Path.Combine(Library, EngineFolder);

    /// <summary>The worker's folder.</summary>
    public string Worker => Path.Combine(Library, WorkerFolder);

    /// <summary>The command line's folder.</summary>
    public string Cli => Path.Combine(Library, CliFolder);

    /// <summary>The link on the search path.</summary>
    public string Link => At("usr/bin/netmod");

    /// <summary>What the link points to, as the installed system sees it.</summary>
    public static string LinkTarget => $"/{LibraryFolder}/{CliFolder}/netmod";

    /// <summary>The engine's program, as the installed system sees it.</summary>
    public static string EngineProgram => $"/{LibraryFolder}/{EngineFolder}/{EngineLocator.ProgramName}";

    /// <summary>The unit file.</summary>
    public string Unit => At($"etc/systemd/system/{UnitName}");

    /// <summary>The definition of user and group.</summary>
    public string Sysusers => At("etc/sysusers.d/netmod.conf");

    /// <summary>The engine's state.</summary>
    public string State => At("var/lib/netmod");

    /// <summary>The host's options and policies.</summary>
    public string Configuration => At("etc/netmod");

    /// <summary>The socket's folder.</summary>
    public string Runtime => At("run/netmod");

    private string At(string path) => Path.Combine(Root, path);
}
