using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Xml.Linq;

namespace Net.Build.Publishing;

/// <summary>Makes what is given to users: an archive per system, the module, a Debian package and their checksums.</summary>
internal sealed class Packager(BuildContext context, Publisher publisher)
{
    private const UnixFileMode Everyone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Everyone | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private string Output => context.PathOf("artifacts", "packages");

    private string Version => XDocument.Load(context.PathOf("Directory.Build.props")).Descendants("Version").First().Value;

    public async Task PackAsync(CancellationToken cancellationToken)
    {
        await publisher.PublishAsync(cancellationToken);
        if (Directory.Exists(Output))
        {
            Directory.Delete(Output, recursive: true);
        }

        Directory.CreateDirectory(Output);
        string staging = context.PathOf("artifacts", "package-root");
        Stage(staging);
        await WriteArchiveAsync(staging, $"netmod-{Version}-linux-x64", cancellationToken);
        await WriteDebianPackageAsync(staging, cancellationToken);
        await WriteWindowsArchiveAsync(cancellationToken);
        await WriteChecksumsAsync(cancellationToken);
    }

    // The layout an installation has below / (or below a prefix): programs in lib, links in bin, the module beside them.
    private void Stage(string staging)
    {
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }

        string library = Path.Combine(staging, "usr", "lib", "netmod");
        foreach (string program in new[] { "netmod", "netmod-engine", "netmod-worker" })
        {
            if (!File.Exists(publisher.ExecutableOf(program)))
            {
                throw new BuildFailedException($"{program} was not published: its project has no sources yet.");
            }

            Copy(publisher.FolderOf(program), Path.Combine(library, program));
            if (program == "netmod-worker")
            {
                // Only the engine starts it.
                continue;
            }

            string bin = Path.Combine(staging, "usr", "bin");
            Directory.CreateDirectory(bin);
            File.CreateSymbolicLink(Path.Combine(bin, program), $"../lib/netmod/{program}/{program}");
        }

        string module = context.PathOf("artifacts", "module", "Net.Module");
        if (Directory.Exists(module))
        {
            Copy(module, Path.Combine(staging, "usr", "local", "share", "powershell", "Modules", "Net.Module"));
        }

        string documents = Path.Combine(staging, "usr", "share", "doc", "netmod");
        Directory.CreateDirectory(documents);
        foreach (string name in new[] { "README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md" })
        {
            File.Copy(context.PathOf(name), Path.Combine(documents, name));
        }
    }

    private async Task WriteArchiveAsync(string staging, string name, CancellationToken cancellationToken)
    {
        string file = Path.Combine(Output, name + ".tar.gz");
        context.Step($"write {Path.GetFileName(file)}");
        await using FileStream stream = File.Create(file);
        await using GZipStream gzip = new(stream, CompressionLevel.Optimal);
        await using TarWriter tar = new(gzip, TarEntryFormat.Pax);
        foreach (string entry in Directory.EnumerateFileSystemEntries(staging, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string path = name + "/" + Path.GetRelativePath(Path.Combine(staging, "usr"), entry).Replace('\\', '/');
            FileInfo info = new(entry);
            if (info.LinkTarget is not null)
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = info.LinkTarget, Mode = Executable }, cancellationToken);
            }
            else if (info.Exists)
            {
                await using FileStream data = File.OpenRead(entry);
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = data, Mode = ModeOf(entry) }, cancellationToken);
            }
        }
    }

    private async Task WriteDebianPackageAsync(string staging, CancellationToken cancellationToken)
    {
        if (ProcessRunner.Find("dpkg-deb") is not string dpkg)
        {
            context.Step("no dpkg-deb here: no Debian package is made");
            return;
        }

        // A package of Debian keeps out of /usr/local.
        string local = Path.Combine(staging, "usr", "local", "share", "powershell");
        if (Directory.Exists(local))
        {
            Directory.Move(local, Path.Combine(staging, "usr", "share", "powershell"));
            Directory.Delete(Path.Combine(staging, "usr", "local"), recursive: true);
        }

        if (!OperatingSystem.IsWindows())
        {
            foreach (string file in Directory.EnumerateFiles(Path.Combine(staging, "usr", "lib"), "*", SearchOption.AllDirectories))
            {
                File.SetUnixFileMode(file, ModeOf(file));
            }
        }

        long size = Directory.EnumerateFiles(staging, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) / 1024;
        DebianPackage[] needed = [.. PackageList.Read(context.PathOf("build", "packages.txt")).Where(package => package.Use == "runtime")];
        string depends = string.Join(", ", needed.Where(package => !package.IsOptional).Select(package => package.Name));
        string recommends = string.Join(", ", needed.Where(package => package.IsOptional).Select(package => package.Name));
        string control = Path.Combine(staging, "DEBIAN");
        Directory.CreateDirectory(control);
        await File.WriteAllTextAsync(Path.Combine(control, "control"), string.Create(CultureInfo.InvariantCulture,
            $"""
            Package: netmod
            Version: {Version}
            Architecture: amd64
            Maintainer: Net.Module contributors <netmod@localhost>
            Section: net
            Priority: optional
            Installed-Size: {size}
            Depends: libc6, libgcc-s1, libstdc++6, zlib1g, {depends}
            Recommends: {recommends}
            Description: programmable networking engine, its command line and PowerShell module
             Measures paths, filters packets and keeps the host's network as one versioned
             document says. After installation, `netmod engine install` sets up the service.

            """), cancellationToken);

        string output = Path.Combine(Output, $"netmod_{Version}_amd64.deb");
        context.Step($"write {Path.GetFileName(output)}");
        ProcessResult result = await ProcessRunner.RunAsync(
            new ProcessRequest(dpkg, ["--build", "--root-owner-group", "-Zxz", "-z3", staging, output]), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new BuildFailedException("dpkg-deb failed:\n" + result.Output.Trim());
        }
    }

    private async Task WriteWindowsArchiveAsync(CancellationToken cancellationToken)
    {
        const string Windows = "win-x64";
        if (!await publisher.PublishProgramAsync("Net.Cli", "netmod", Windows, cancellationToken))
        {
            return;
        }

        string file = Path.Combine(Output, $"netmod-{Version}-{Windows}.zip");
        context.Step($"write {Path.GetFileName(file)}");
        await ZipFile.CreateFromDirectoryAsync(publisher.FolderOf("netmod", Windows), file, cancellationToken);
    }

    private async Task WriteChecksumsAsync(CancellationToken cancellationToken)
    {
        List<string> lines = [];
        foreach (string file in Directory.EnumerateFiles(Output).Order(StringComparer.Ordinal))
        {
            await using FileStream stream = File.OpenRead(file);
            byte[] hash = await SHA256.HashDataAsync(stream, cancellationToken);
            lines.Add($"{Convert.ToHexStringLower(hash)}  {Path.GetFileName(file)}");
            context.Step(string.Create(CultureInfo.InvariantCulture, $"  {Path.GetFileName(file)}  {stream.Length / 1048576.0:0.0} MB"));
        }

        await File.WriteAllTextAsync(Path.Combine(Output, "SHA256SUMS"), string.Join('\n', lines) + "\n", cancellationToken);
    }

    private static UnixFileMode ModeOf(string file) =>
        Path.GetFileName(file) is "netmod" or "netmod-engine" or "netmod-worker" or "createdump" ? Executable : Everyone;

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
