namespace Net.Build.Testing;

/// <summary>
/// PowerShell and Pester for the tests of hosts that have neither, from NuGet into <c>artifacts/tools</c>: nothing outside of the checkout changes. They are the releases the module is made for; whoever has
/// another pwsh on the path keeps using that.
/// </summary>
internal static class LocalPowerShell
{
    // The newest of the 7.6 line, which runs on .NET 10 as the module does.
    private const string PowerShellVersion = "7.6.9";

    // The newest of the line whose syntax the suite is written in.
    private const string PesterVersion = "5.9.1";

    /// <summary>Where pwsh is: on the path, else where <see cref="InstallAsync"/> put it; null when it is nowhere.</summary>
    /// <param name="context">The build.</param>
    public static string? Find(BuildContext context)
    {
        string own = Path.Combine(Folder(context), OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        return ProcessRunner.Find("pwsh") ?? (File.Exists(own) ? own : null);
    }

    /// <summary>What PSModulePath has to begin with so that Pester is found; null when it was not installed here.</summary>
    /// <param name="context">The build.</param>
    public static string? ModulePath(BuildContext context) => Directory.Exists(Modules(context)) ? Modules(context) : null;

    /// <summary>Installs both, unless they are there in these versions.</summary>
    /// <param name="context">The build.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BuildFailedException">NuGet does not have one of them.</exception>
    public static async Task InstallAsync(BuildContext context, CancellationToken cancellationToken)
    {
        await context.DotnetAsync(
            $"install PowerShell {PowerShellVersion}", ["tool", "update", "PowerShell", "--version", PowerShellVersion, "--allow-downgrade", "--tool-path", Folder(context)], cancellationToken);
        string pester = Path.Combine(Modules(context), "Pester", PesterVersion);
        if (Directory.Exists(pester))
        {
            return;
        }

        // NuGet unpacks what a project asks for; this one asks for nothing else.
        string work = Path.Combine(Folder(context), "restore");
        Directory.CreateDirectory(work);
        string project = Path.Combine(work, "Pester.csproj");
        await File.WriteAllTextAsync(
            project,
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally></PropertyGroup>
              <ItemGroup><PackageDownload Include="Pester" Version="[{PesterVersion}]" /></ItemGroup>
            </Project>
            """,
            cancellationToken);
        await context.DotnetAsync($"install Pester {PesterVersion}", ["restore", project, "--packages", Path.Combine(work, "packages"), "--nologo", "-v:q"], cancellationToken);
        Directory.CreateDirectory(Path.GetDirectoryName(pester)!);
        Directory.Move(Path.Combine(work, "packages", "pester", PesterVersion, "tools"), pester);
        Directory.Delete(work, recursive: true);
    }

    private static string Folder(BuildContext context) => context.PathOf("artifacts", "tools", "powershell");

    private static string Modules(BuildContext context) => Path.Combine(Folder(context), "modules");
}
