using System.Text;

namespace Net.Cli.Engine;

/// <summary>Puts the product's files into a system and takes them out again. What runs programs of that system is in <see cref="ServiceControl"/>.</summary>
internal sealed class EngineInstaller(InstallLayout layout)
{
    private readonly List<string> _steps = [];

    /// <summary>What was done, one line each.</summary>
    public IReadOnlyList<string> Steps => _steps;

    /// <summary>The unit file with the path of the engine in it.</summary>
    public static string UnitText(string engineProgram) =>
        ReadResource("netmod.service").Replace("@ENGINE@", engineProgram, StringComparison.Ordinal);

    /// <summary>Copies the programs and writes the unit, the user's definition and the link.</summary>
    /// <param name="engineSource">The folder of the engine's program.</param>
    /// <param name="cliSource">The folder of this program.</param>
    public void Install(string engineSource, string cliSource)
    {
        Replace(engineSource, layout.Engine);
        string workerSource = Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(engineSource))) ?? "/", InstallLayout.WorkerFolder);
        if (Directory.Exists(workerSource))
        {
            Replace(workerSource, layout.Worker);
        }
        else
        {
            _steps.Add($"there is no {workerSource}: overlays will not run");
        }

        Replace(cliSource, layout.Cli);
        Write(layout.Sysusers, ReadResource("netmod.sysusers"));
        Write(layout.Unit, UnitText(InstallLayout.EngineProgram));
        Directory.CreateDirectory(Path.GetDirectoryName(layout.Link)!);
        if (new FileInfo(layout.Link).LinkTarget is not null)
        {
            File.Delete(layout.Link);
        }

        File.CreateSymbolicLink(layout.Link, InstallLayout.LinkTarget);
        _steps.Add($"linked {layout.Link} to {InstallLayout.LinkTarget}");
    }

    /// <summary>Removes what <see cref="Install"/> created.</summary>
    /// <param name="purge">Whether state and host options go as well.</param>
    /// <returns>What is left on purpose.</returns>
    public string[] Uninstall(bool purge)
    {
        if (new FileInfo(layout.Link).LinkTarget == InstallLayout.LinkTarget)
        {
            File.Delete(layout.Link);
            _steps.Add($"removed {layout.Link}");
        }

        RemoveFile(layout.Unit);
        RemoveFile(layout.Sysusers);
        RemoveFolder(layout.Library);
        RemoveFolder(layout.Runtime);
        if (purge)
        {
            RemoveFolder(layout.State);
            RemoveFolder(layout.Configuration);
        }

        return [.. new[] { layout.State, layout.Configuration }.Where(Directory.Exists)];
    }

    private static string ReadResource(string name)
    {
        using Stream stream = typeof(EngineInstaller).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    // An upgrade renames the new folder into place, so that a program that runs from the old one keeps its files.
    private void Replace(string source, string target)
    {
        string from = Path.GetFullPath(source);
        if (Path.TrimEndingDirectorySeparator(from) == target)
        {
            _steps.Add($"{target} is this very program's folder and stays");
            return;
        }

        string fresh = $"{target}.new";
        DeleteFolder(fresh);
        int files = CopyFolder(from, fresh);
        DeleteFolder(target);
        Directory.Move(fresh, target);
        _steps.Add($"copied {files} files to {target}");
    }

    private static int CopyFolder(string source, string target)
    {
        Directory.CreateDirectory(target);
        int files = 0;
        foreach (string file in Directory.EnumerateFiles(source))
        {
            // Symbols and documentation are of no use to a running engine.
            if (Path.GetExtension(file) is ".pdb" or ".xml" or ".dbg")
            {
                continue;
            }

            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            files++;
        }

        foreach (string folder in Directory.EnumerateDirectories(source))
        {
            files += CopyFolder(folder, Path.Combine(target, Path.GetFileName(folder)));
        }

        return files;
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        _steps.Add($"wrote {path}");
    }

    private void RemoveFile(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            _steps.Add($"removed {path}");
        }
    }

    private void RemoveFolder(string path)
    {
        if (DeleteFolder(path))
        {
            _steps.Add($"removed {path}");
        }
    }

    private static bool DeleteFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            return false;
        }

        Directory.Delete(path, recursive: true);
        return true;
    }
}
