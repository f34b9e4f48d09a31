using System.Globalization;

namespace Net.Cli.Engine;

/// <summary>The user the engine runs as.</summary>
/// <param name="Name">The name.</param>
/// <param name="UserId">The number.</param>
/// <param name="GroupId">The number of the user's own group.</param>
internal sealed record EngineUser(string Name, int UserId, int GroupId)
{
    /// <summary>The user and the group an installation creates.</summary>
    public const string Default = "netmod";

    /// <summary>Looks a user up; null when there is none.</summary>
    public static async Task<EngineUser?> FindAsync(IHostPrograms programs, string name, CancellationToken cancellationToken)
    {
        ProgramResult result = await programs.RunAsync("getent", ["passwd", name], cancellationToken);
        string[] fields = result.Output.TrimEnd().Split(':');
        return result.Succeeded && fields.Length >= 4
            ? new EngineUser(fields[0], int.Parse(fields[2], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Whether a group of that name exists.</summary>
    public static async Task<bool> GroupExistsAsync(IHostPrograms programs, string name, CancellationToken cancellationToken) =>
        (await programs.RunAsync("getent", ["group", name], cancellationToken)).Succeeded;
}
