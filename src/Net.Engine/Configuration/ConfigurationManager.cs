using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Events;
using Net.Engine.Reconciling;
using Net.Engine.State;

namespace Net.Engine.Configuration;

/// <summary>Owns the desired state. Every change runs through here, one at a time: validate, plan, write, apply, commit, and where asked
/// wait for confirmation. Readers see one immutable document and never wait.</summary>
internal sealed partial class ConfigurationManager : IAsyncDisposable
{
    private const int MaxCommentLength = 1024;
    private const string NotConfirmed = "it was not confirmed in time";
    private static readonly TimeSpan LongestConfirmation = TimeSpan.FromHours(24);

    private readonly GenerationStore _store;
    private readonly IReadOnlyList<ISection> _sections;
    private readonly PolicySource _policy;
    private readonly EventLog _events;
    private readonly ITransactionSteps? _steps;
    private readonly TimeProvider _clock;
    private readonly EngineOptions _options;
    private readonly ILogger<ConfigurationManager> _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile InForce _inForce;
    private ITimer? _confirmTimer;
    private bool _isCurrentNamed;
    private bool _isDisposed;

    public ConfigurationManager(
        GenerationStore store, IReadOnlyList<ISection> sections, PolicySource policy, EventLog events,
        EngineOptions options, TimeProvider clock, ILogger<ConfigurationManager> logger, ITransactionSteps? steps = null)
    {
        _store = store;
        _sections = sections;
        _policy = policy;
        _events = events;
        _options = options;
        _clock = clock;
        _logger = logger;
        _steps = steps;
        _inForce = new InForce(new NetConfiguration(), Describe(NothingYet));
    }

    // What stands before the first change.
    private GenerationFile NothingYet => new(0, _clock.GetUtcNow(), "engine", "nothing configured yet", [], string.Empty, default);

    /// <summary>The document in force.</summary>
    public NetConfiguration Document => _inForce.Document;

    /// <summary>The document a change that waits for its confirmation is rolled back to; null when none waits.</summary>
    public NetConfiguration? DocumentBeforeUnconfirmed => _inForce.Previous?.Document;

    /// <summary>The generation in force.</summary>
    public GenerationInfo Info => _inForce.Info;

    /// <summary>Why changes are refused, or null when they are taken.</summary>
    public string? ReadOnlyReason { get; private set; }

    /// <summary>Settings a policy locks.</summary>
    public LockedSetting[] Locked => _policy.Locked;

    /// <summary>Makes a change by editing the document in force.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="options">How to make it.</param>
    /// <param name="edit">Gives the new document; it must not change the old one.</param>
    /// <param name="cancellationToken">Gives up while nothing is written.</param>
    public async Task<ChangeOutcome> ChangeAsync(
        Actor actor, ChangeOptions? options, Func<NetConfiguration, NetConfiguration> edit, CancellationToken cancellationToken)
    {
        ChangeOptions how = Checked(options ?? new ChangeOptions());
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RefuseWhileNotWritable(how);
            NetConfiguration next = Normalized(_inForce.Document, _policy.Enforce(_inForce.Document, edit(_inForce.Document)));
            RefuseUnlessAllowed(actor, next);
            RefuseInvalid(next);
            ConfigurationPlan plan = PlanOf(_inForce.Document, next, _inForce.Info.Generation);
            if (how.WhatIf || plan.Changes.Length == 0)
            {
                return new ChangeOutcome(Applied: false, _inForce.Info.Generation, plan);
            }

            _steps?.Done(TransactionStep.Planned);
            return await CommitAsync(actor.Name, how, next, plan, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Keeps the change that waits for its confirmation.</summary>
    public async Task<GenerationInfo> ConfirmAsync(Actor actor, long? generation, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            GenerationInfo info = _inForce.Info;
            if (info.ConfirmBy is null || (generation is { } wanted && wanted != info.Generation))
            {
                throw new EngineException(ErrorCatalogue.NothingToConfirm, generation is null
                    ? "No change waits for a confirmation."
                    : $"Generation {generation} does not wait for a confirmation; generation {info.Generation} is in force.");
            }

            WriteCurrentOrExplain(new CurrentFile(info.Generation));
            StopConfirmTimer();
            _inForce = _inForce with { Info = info with { ConfirmBy = null }, Previous = null };
            _events.Publish("ConfigurationConfirmed", "configuration", EventSeverity.Information, $"Generation {info.Generation} is confirmed and kept.", actor: actor.Name);
            return _inForce.Info;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Goes back to a kept generation, or takes back the change that waits for its confirmation.</summary>
    public async Task<ChangeOutcome> RestoreAsync(Actor actor, long? generation, ChangeOptions? options, CancellationToken cancellationToken)
    {
        if (generation is { } number)
        {
            StoredGeneration stored = ReadKept(number);
            ChangeOptions how = (options ?? new ChangeOptions()) with { Comment = options?.Comment ?? $"restored from generation {number}" };
            return await ChangeAsync(actor, how, _ => stored.Document, cancellationToken).ConfigureAwait(false);
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_inForce.Previous is not { } previous)
            {
                throw new EngineException(ErrorCatalogue.NothingToConfirm, "No change waits for a confirmation, so there is none to take back.");
            }

            ConfigurationPlan plan = PlanOf(_inForce.Document, previous.Document, _inForce.Info.Generation);
            if (options?.WhatIf == true)
            {
                return new ChangeOutcome(Applied: false, _inForce.Info.Generation, plan);
            }

            await RollBackAsync($"taken back by {actor.Name}", actor.Name).ConfigureAwait(false);
            return new ChangeOutcome(Applied: true, _inForce.Info.Generation, plan);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives a part of the engine its turn between two changes, so that it sees one document from begin to end.</summary>
    public async Task<T> WithTurnAsync<T>(Func<NetConfiguration, Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await work(_inForce.Document).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The difference between two documents.</summary>
    public ConfigurationPlan PlanOf(NetConfiguration from, NetConfiguration to, long baseGeneration)
    {
        var plan = new PlanBuilder();
        foreach (ISection section in _sections)
        {
            section.Describe(from, to, plan);
        }

        return plan.Build(baseGeneration);
    }

    /// <summary>Checks what the policies lock, as far as it shows without a document: an engine must not start without locks it was given.</summary>
    /// <exception cref="EngineException">A policy locks a setting to a value that is not usable.</exception>
    public void RefuseInvalidPolicy()
    {
        // A secret may be stored later; everything else would be refused in a change as well.
        NetConfiguration defaults = Normalized(new NetConfiguration(), _policy.Defaults);
        ConfigurationProblem? problem = ProblemsOf(defaults).FirstOrDefault(one => one.ErrorId != ErrorCatalogue.SecretNotFound.Id);
        if (_policy.Locked.Length > 0 && problem is not null)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationInvalid, $"A policy ({string.Join(", ", _policy.Locked.Select(setting => setting.Source).Distinct())}) is not usable: {problem.Message}", problem.Place);
        }
    }

    /// <summary>What is wrong in a document; empty when it could be applied.</summary>
    public ConfigurationProblem[] ProblemsOf(NetConfiguration document)
    {
        var problems = new List<ConfigurationProblem>();
        if (document.SchemaVersion != NetConfiguration.CurrentSchemaVersion)
        {
            problems.Add(new ConfigurationProblem("schemaVersion", ErrorCatalogue.ConfigurationInvalid.Id, $"The schema version must be {NetConfiguration.CurrentSchemaVersion}."));
        }

        foreach (ISection section in _sections)
        {
            section.Validate(document, problems);
        }

        return [.. problems];
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _isDisposed = true;
        StopConfirmTimer();
        StopConsolidation();
        _turn.Release();
    }

    private static ChangeOptions Checked(ChangeOptions options)
    {
        if (options.ConfirmWithin is { } within && (within < TimeSpan.FromSeconds(1) || within > LongestConfirmation))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The time to confirm must be between 1 second and 24 hours, not {within}.", "confirmWithin");
        }

        if (options.Comment is { Length: > MaxCommentLength })
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The comment has {options.Comment.Length} characters; at most {MaxCommentLength} are kept.", "comment");
        }

        return options;
    }

    private static NetConfiguration Normalized(NetConfiguration current, NetConfiguration next) =>
        next with
        {
            Firewall = Firewall.RuleNumbering.Assign(current.Firewall, next.Firewall),
            Relay = Relay.RelayNumbering.Assign(current.Relay, next.Relay),
        };

    private static GenerationInfo Describe(GenerationFile file, bool isCurrent = true, DateTimeOffset? confirmBy = null) => new()
    {
        Generation = file.Generation,
        CreatedAt = file.CreatedAt,
        Author = file.Author,
        Comment = file.Comment,
        Summary = file.Summary,
        Hash = file.Hash,
        IsCurrent = isCurrent,
        ConfirmBy = confirmBy,
    };

    private void RefuseWhileNotWritable(ChangeOptions options)
    {
        if (ReadOnlyReason is { } reason && !options.WhatIf)
        {
            throw new EngineException(ErrorCatalogue.EngineReadOnly, $"The engine takes no changes: {reason}.");
        }

        if (_inForce.Info.ConfirmBy is { } by && !options.WhatIf)
        {
            throw new EngineException(ErrorCatalogue.ConfirmationPending, $"Generation {_inForce.Info.Generation} waits for its confirmation until {by:HH:mm:ss} UTC; confirm it or take it back first.");
        }

        if (options.ExpectedGeneration is { } expected && expected != _inForce.Info.Generation)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationChanged, $"The configuration is at generation {_inForce.Info.Generation}, not at {expected}.");
        }
    }

    // Who may do what is for admins to say; an operator who could write it would be one.
    private void RefuseUnlessAllowed(Actor actor, NetConfiguration next)
    {
        AccessSection from = _inForce.Document.Access;
        AccessSection to = next.Access;
        bool isSame = from.Readers.SequenceEqual(to.Readers) && from.Operators.SequenceEqual(to.Operators) && from.Admins.SequenceEqual(to.Admins);
        if (!isSame && actor.Role < EngineRole.Admin)
        {
            throw new EngineException(ErrorCatalogue.RoleRequired, $"The section 'access' can only be changed by an admin; {actor.Name} is {actor.Role}.", "access");
        }
    }

    private void RefuseInvalid(NetConfiguration next)
    {
        ConfigurationProblem[] problems = ProblemsOf(next);
        if (problems.Length == 0)
        {
            return;
        }

        ConfigurationProblem first = problems[0];
        ErrorDefinition definition = ErrorCatalogue.ById.GetValueOrDefault(first.ErrorId, ErrorCatalogue.ConfigurationInvalid);
        string more = problems.Length == 1 ? string.Empty : $" ({problems.Length - 1} more: {string.Join("; ", problems.Skip(1).Take(4).Select(problem => problem.Place))})";
        throw new EngineException(definition, $"{first.Message}{more}", first.Place);
    }

    private sealed record InForce(NetConfiguration Document, GenerationInfo Info, Fallback? Previous = null);

    private sealed record Fallback(NetConfiguration Document, long Generation, string Hash);
}
