using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of cmdlets that change the configuration. Under <c>-WhatIf</c> they ask the engine for its plan, show that, and change nothing.</summary>
public abstract class ChangeCmdlet : EngineCmdlet
{
    /// <summary>Take the change back by itself unless it is confirmed in this time.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? ConfirmWithin { get; set; }

    /// <summary>Why the change is made; kept with the generation.</summary>
    [Parameter]
    [ValidateLength(1, 1024)]
    public string? Comment { get; set; }

    /// <summary>Whether only the plan is wanted.</summary>
    private protected bool IsPlanning { get; private set; }

    private protected ChangeOptions Change => new(IsPlanning, ConfirmWithin, Comment);

    /// <inheritdoc />
    protected override void BeginProcessing() =>
        IsPlanning = MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? bound)
            ? LanguagePrimitives.IsTrue(bound)
            : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>Whether to go on with one thing. A plan needs nobody's consent.</summary>
    private protected bool Agree(string target, string action) => IsPlanning || ShouldProcess(target, action);

    /// <summary>Shows what became of a change: the plan's lines under -WhatIf, and whatever may surprise.</summary>
    private protected void Show(ChangeOutcome outcome)
    {
        if (IsPlanning)
        {
            foreach (string line in PlanText.Lines(outcome.Plan))
            {
                ShouldProcess(line, line, "Plan");
            }
        }

        foreach (string warning in outcome.Plan.Warnings)
        {
            WriteWarning(warning);
        }

        if (PlanText.PendingWarning(outcome, DateTimeOffset.UtcNow) is { } pending)
        {
            WriteWarning(pending);
        }
    }

    /// <summary>Sends one change of the whole document, after asking.</summary>
    private protected void ApplyWhole<TRequest>(ApiMethod<TRequest, ChangeOutcome> method, TRequest request, string target, string action, bool passThru)
    {
        if (!Agree(target, action) || !TryCall(method, request, target, out ChangeOutcome outcome))
        {
            return;
        }

        Show(outcome);
        if (passThru && !IsPlanning)
        {
            WriteObject(outcome);
        }
    }

    /// <summary>Changes things which exist, all in one transaction: finds them, asks about each, sends the change.
    /// Names nothing answers to are reported, the others go on.</summary>
    /// <param name="kind">The kind of the things.</param>
    /// <param name="wanted">What the pipeline named.</param>
    /// <param name="action">What is done to each, as the question of -Confirm says it.</param>
    /// <param name="send">Makes the change to those agreed on.</param>
    /// <param name="passThru">Whether to write the things.</param>
    private protected void ChangeSelected<T>(
        ItemKind<T> kind,
        IReadOnlyList<Wanted> wanted,
        string action,
        Func<IReadOnlyList<Wanted>, IEngineCaller, CancellationToken, Task<(T[] Items, ChangeOutcome Outcome)>> send,
        bool passThru)
        where T : class
    {
        if (wanted.Count == 0)
        {
            return;
        }

        object target = wanted.Count == 1 ? wanted[0].Name : wanted.Select(one => one.Name).ToArray();
        List<Wanted> agreed = Agreed(kind, wanted, action, target);
        if (agreed.Count > 0)
        {
            Transact((engine, token) => send(agreed, engine, token), target, passThru);
        }
    }

    /// <summary>Makes one transaction and shows what became of it.</summary>
    private protected void Transact<T>(
        Func<IEngineCaller, CancellationToken, Task<(T[] Items, ChangeOutcome Outcome)>> send, object? target, bool passThru)
    {
        T[] items = [];
        ChangeOutcome? outcome = null;
        if (!Run(async (engine, _, token) => (items, outcome) = await send(engine, token), target))
        {
            return;
        }

        Show(outcome!);
        if (passThru && !IsPlanning)
        {
            WriteObject(items, enumerateCollection: true);
        }
    }

    private List<Wanted> Agreed<T>(ItemKind<T> kind, IReadOnlyList<Wanted> wanted, string action, object target)
        where T : class
    {
        Selection<T>? found = null;
        if (!Run(async (engine, _, token) => found = await Selection<T>.ReadAsync(kind, wanted, engine, token), target))
        {
            return [];
        }

        foreach (string name in found!.Missing)
        {
            Fail(kind.Missing(name), name);
        }

        HashSet<string> agreed = new(found.Items.Select(item => kind.Names(item)[0]).Where(name => Agree(name, action)), StringComparer.Ordinal);
        return [.. found.Hits.Select(hit => kind.Exactly(hit.Item, hit.Part)).Where(one => agreed.Contains(one.Name))];
    }
}
