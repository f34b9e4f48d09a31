using System.Globalization;
using Net.Contracts;
using Net.Engine.Reconciling;

namespace Net.Engine.Access;

/// <summary>Knows who is reader, operator and admin.</summary>
internal sealed class AccessSubsystem(IAccountNames accounts, uint engineUserId) : ISection
{
    private volatile AccessSection _access = new();

    /// <inheritdoc />
    public string Name => "access";

    /// <inheritdoc />
    public SubsystemStatus Status => new(Name, true, $"{_access.Readers.Length} readers, {_access.Operators.Length} operators, {_access.Admins.Length} admins named");

    /// <summary>The role of a caller. The superuser and the engine's own user can always do everything: they own its files anyway.</summary>
    public EngineRole RoleOf(CallerIdentity caller)
    {
        if (caller.UserId == 0 || caller.UserId == engineUserId)
        {
            return EngineRole.Admin;
        }

        AccessSection access = _access;
        if (IsIn(access.Admins, caller))
        {
            return EngineRole.Admin;
        }

        if (IsIn(access.Operators, caller))
        {
            return EngineRole.Operator;
        }

        return IsIn(access.Readers, caller) ? EngineRole.Reader : EngineRole.None;
    }

    /// <inheritdoc />
    public void Validate(NetConfiguration document, ICollection<ConfigurationProblem> problems)
    {
        Check("access.readers", document.Access.Readers, problems);
        Check("access.operators", document.Access.Operators, problems);
        Check("access.admins", document.Access.Admins, problems);
    }

    /// <inheritdoc />
    public void Describe(NetConfiguration from, NetConfiguration to, PlanBuilder plan)
    {
        plan.List(Name, "readers", from.Access.Readers, to.Access.Readers);
        plan.List(Name, "operators", from.Access.Operators, to.Access.Operators);
        plan.List(Name, "admins", from.Access.Admins, to.Access.Admins);
    }

    /// <inheritdoc />
    public Task ApplyAsync(NetConfiguration? from, NetConfiguration to, CancellationToken cancellationToken)
    {
        _access = to.Access;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<DriftReport?> RepairAsync(NetConfiguration desired, CancellationToken cancellationToken) => Task.FromResult<DriftReport?>(null);

    /// <inheritdoc />
    public Task RemoveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Check(string place, string[] entries, ICollection<ConfigurationProblem> problems)
    {
        for (int index = 0; index < entries.Length; index++)
        {
            if (!TrySplit(entries[index], out _, out _))
            {
                problems.Add(new ConfigurationProblem($"{place}[{index}]", ErrorCatalogue.ConfigurationInvalid.Id, $"'{entries[index]}' is not user:NAME or group:NAME."));
            }
        }
    }

    private static bool TrySplit(string entry, out bool isGroup, out string name)
    {
        isGroup = entry.StartsWith("group:", StringComparison.Ordinal);
        name = entry[(entry.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return name.Length > 0 && (isGroup || entry.StartsWith("user:", StringComparison.Ordinal));
    }

    private bool IsIn(string[] entries, CallerIdentity caller)
    {
        foreach (string entry in entries)
        {
            if (!TrySplit(entry, out bool isGroup, out string name))
            {
                continue;
            }

            uint? id = uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
                ? number
                : isGroup ? accounts.FindGroup(name) : accounts.FindUser(name);
            if (id is { } wanted && (isGroup ? caller.GroupIds.Contains(wanted) : caller.UserId == wanted))
            {
                return true;
            }
        }

        return false;
    }
}
