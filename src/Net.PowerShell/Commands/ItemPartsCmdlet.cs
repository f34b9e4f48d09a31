using System.Management.Automation;
using System.Reflection;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that take the members of a thing of the firewall as parameters of the same names, typed or from properties of what the pipeline brings.
/// All that one pipeline names is made or changed in one transaction.</summary>
/// <typeparam name="T">The record of one thing.</typeparam>
public abstract class ItemPartsCmdlet<T> : ChangeCmdlet
    where T : class
{
    private readonly List<T> _created = [];
    private readonly Patches<T, ItemPatch> _patches = new(FirewallFamilies.Of<T>().KindToChange, (parts, item) => parts.ApplyTo(item));
    private HashSet<string> _typed = [];
    private (string Member, PropertyInfo Parameter)[] _members = [];

    private protected static ItemFamily<T> Things => FirewallFamilies.Of<T>();

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _typed = new HashSet<string>(MyInvocation.BoundParameters.Keys, StringComparer.OrdinalIgnoreCase);
        _members = [.. PartsOf(GetType())];
    }

    /// <summary>The parameters of a cmdlet that stand for members of the record. Its name is not among them: it says which thing is meant.</summary>
    internal static IEnumerable<(string Member, PropertyInfo Parameter)> PartsOf(Type cmdlet) =>
        from member in typeof(T).GetProperties()
        where member.Name is not nameof(FirewallRule.Name) && member.CanWrite
        let parameter = cmdlet.GetProperty(member.Name)
        where parameter is not null && parameter.CustomAttributes.Any(attribute => attribute.AttributeType.Name == nameof(ParameterAttribute))
        select (member.Name, parameter);

    /// <summary>Whether a parameter stands on the command line.</summary>
    private protected bool IsTyped(string parameter) => _typed.Contains(parameter);

    /// <summary>The members given to this command.</summary>
    /// <param name="typedOnly">Whether to leave out what came from properties of the pipeline's objects: a whole object from the pipeline says
    /// which thing is meant, and must not count as if every one of its members had been given.</param>
    private protected virtual ItemPatch Parts(bool typedOnly)
    {
        var parts = new ItemPatch();
        foreach ((string member, PropertyInfo parameter) in _members)
        {
            bool isTyped = IsTyped(member);
            object? value = parameter.GetValue(this) is SwitchParameter flag ? (isTyped ? flag.IsPresent : null) : parameter.GetValue(this);
            if (isTyped || (!typedOnly && value is not null))
            {
                parts[member] = value;
            }
        }

        return parts;
    }

    /// <summary>Takes in one step of the pipeline of a New- cmdlet: whole objects to copy, or one thing of the parts alone.</summary>
    private protected void Create(string? name, T[]? items)
    {
        ItemPatch parts = Parts(typedOnly: false);
        if (MyInvocation.BoundParameters.TryGetValue("Disabled", out object? disabled))
        {
            parts[nameof(FirewallRule.Enabled)] = !LanguagePrimitives.IsTrue(disabled);
        }

        if (name is not null)
        {
            parts[nameof(FirewallRule.Name)] = name;
        }

        foreach (T item in items is null ? [Things.New(name ?? string.Empty)] : items.Select(Things.Document))
        {
            T made = parts.ApplyTo(item);
            if (Agree(Things.Kind.Names(made)[0], $"Create {Things.Kind.Noun} ({Things.Summary(made)})"))
            {
                _created.Add(made);
            }
        }
    }

    /// <summary>Sends what a New- cmdlet made.</summary>
    private protected void CommitCreated()
    {
        if (_created.Count == 0)
        {
            return;
        }

        string[] names = [.. _created.Select(item => Things.Kind.Names(item)[0])];
        Transact((engine, token) => CreateAsync([.. _created], engine, token), names.Length == 1 ? names[0] : names, passThru: true);
    }

    /// <summary>Takes in one step of the pipeline of a Set- cmdlet: whole objects, or names without any.</summary>
    private protected void Alter(string[]? names, T[]? items, string? newName = null)
    {
        ItemPatch parts = Parts(typedOnly: items is not null);
        if (newName is not null)
        {
            parts[nameof(FirewallRule.Name)] = newName;
        }

        _patches.Add(parts, names, items);
    }

    /// <summary>Sends what a Set- cmdlet changes.</summary>
    private protected void CommitAltered(bool passThru) => ChangeSelected(
        Things.KindToChange, _patches.Wanted, $"Change {Things.Kind.Noun}", (agreed, engine, token) => AlterAsync(agreed, _patches.Apply, engine, token), passThru);

    private protected virtual Task<(T[] Items, ChangeOutcome Outcome)> CreateAsync(T[] items, IEngineCaller engine, CancellationToken cancellationToken) =>
        Things.CreateAsync(engine, items, Change, cancellationToken);

    private protected virtual Task<(T[] Items, ChangeOutcome Outcome)> AlterAsync(
        IReadOnlyList<Wanted> agreed, Func<T, int, T> change, IEngineCaller engine, CancellationToken cancellationToken) =>
        Things.EditAsync(agreed, change, Change, engine, cancellationToken);
}
