using System.Text;
using Net.Contracts;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Tests.Requests;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("net-shell-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_is_written_whole_readable_by_its_owner_only_and_leaves_no_draft()
    {
        string file = File("a.json");

        await ConfigurationFile.WriteAsync(file, Encoding.UTF8.GetBytes("{}"), overwrite: false, CancellationToken.None);

        Assert.Equal("{}", await ConfigurationFile.ReadTextAsync(file, CancellationToken.None));
        Assert.Single(_folder.GetFiles());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_file_that_exists_is_overwritten_only_when_asked()
    {
        string file = File("a.json");
        await System.IO.File.WriteAllTextAsync(file, "old", TestContext.Current.CancellationToken);

        EngineException failure = Assert.Throws<EngineException>(() => ConfigurationFile.CheckTarget(file, overwrite: false));
        await Assert.ThrowsAsync<EngineException>(() => ConfigurationFile.WriteAsync(file, [1], overwrite: false, CancellationToken.None));
        await ConfigurationFile.WriteAsync(file, [65], overwrite: true, CancellationToken.None);

        Assert.Equal(file, failure.Target);
        Assert.Equal("A", await System.IO.File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_in_the_catalogues_words()
    {
        EngineException failure = await Assert.ThrowsAsync<EngineException>(
            () => ConfigurationFile.ReadTextAsync(File("none.json"), CancellationToken.None));

        Assert.Equal(ErrorCatalogue.ArgumentInvalid.Id, failure.ErrorId);
        Assert.Equal(File("none.json"), failure.Target);
    }

    [Theory]
    [InlineData("a.yaml", ConfigurationFormat.Yaml)]
    [InlineData("a.YML", ConfigurationFormat.Yaml)]
    [InlineData("a.json", ConfigurationFormat.Json)]
    [InlineData("a", ConfigurationFormat.Json)]
    public void The_ending_chooses_the_format(string file, ConfigurationFormat expected) => Assert.Equal(expected, ConfigurationFile.FormatOf(file));

    private string File(string name) => System.IO.Path.Combine(_folder.FullName, name);
}
