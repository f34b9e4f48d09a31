using System.Diagnostics.CodeAnalysis;

namespace Net.Lab;

/// <summary>A network of namespaces that is up. Disposing it takes it down, unless it is kept or was only opened.</summary>
/// <remarks>Needs Linux, root, and the Debian packages iproute2, util-linux, procps, nftables (for NAT) and iputils-ping (for <see cref="LabNode.PingAsync"/>).
/// A process that dies without disposing leaves its labs behind; the next <see cref="UpAsync"/> of any process removes them.</remarks>
public sealed class Lab : IAsyncDisposable
{
    private readonly Dictionary<string, LabNode> _nodes;
    private readonly Lock _gate = new();
    private readonly List<LabProcess> _processes = [];
    private readonly LabState _state;
    private readonly bool _owned;
    private bool _disposed;

    private Lab(LabState state, bool owned, TimeSpan commandTimeout)
    {
        _state = state;
        _owned = owned;
        CommandTimeout = commandTimeout;
        _nodes = state.Topology.Nodes.ToDictionary(node => node.Name, node => new LabNode(this, node, state.NamespaceOf(node.Name)), StringComparer.Ordinal);
    }

    /// <summary>The instance's name.</summary>
    public string Instance => _state.Instance;

    /// <summary>What was built.</summary>
    public LabTopology Topology => _state.Topology;

    /// <summary>The nodes, in the topology's order.</summary>
    public IReadOnlyList<LabNode> Nodes => [.. Topology.Nodes.Select(node => _nodes[node.Name])];

    internal TimeSpan CommandTimeout { get; }

    /// <summary>Builds a lab. First removes the labs whose owners are gone.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    /// <exception cref="LabTopologyException">The topology is not valid.</exception>
    /// <exception cref="LabException">A program is missing or refused; nothing is left behind.</exception>
    public static async Task<Lab> UpAsync(LabTopology topology, LabOptions? options = null, CancellationToken cancellationToken = default)
    {
        Requirements.Check();
        options ??= new LabOptions();
        IReadOnlyList<string> errors = topology.Validate();
        if (errors.Count > 0)
        {
            throw new LabTopologyException($"topology '{topology.Name}'", errors);
        }

        LabState state = await LabStore.RegisterAsync(topology, options, cancellationToken).ConfigureAwait(false);
        var lab = new Lab(state, owned: !options.Keep, options.CommandTimeout);
        try
        {
            await new LabBuilder(lab, state).BuildAsync(cancellationToken).ConfigureAwait(false);
            return lab;
        }
        catch
        {
            await LabStore.RemoveAsync(state, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens a lab that is up, whoever brought it up. Disposing what this returns leaves the lab up.</summary>
    /// <exception cref="LabException">There is no such lab.</exception>
    public static async Task<Lab> OpenAsync(string instance, CancellationToken cancellationToken = default)
    {
        Requirements.Check();
        LabState state = await LabStore.ReadAsync(instance, cancellationToken).ConfigureAwait(false);
        return new Lab(state, owned: false, new LabOptions().CommandTimeout);
    }

    /// <summary>The labs that are up or were left behind, by name.</summary>
    public static async Task<IReadOnlyList<LabInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        Requirements.CheckPlatform();
        IReadOnlyList<LabState> states = await LabStore.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        return [.. states.Select(LabStore.Describe)];
    }

    /// <summary>Takes a lab down, whoever owns it: kills what runs in it and removes its namespaces and its state.</summary>
    /// <exception cref="LabException">There is no such lab.</exception>
    public static async Task DownAsync(string instance, CancellationToken cancellationToken = default)
    {
        Requirements.Check();
        LabState state = await LabStore.ReadAsync(instance, cancellationToken).ConfigureAwait(false);
        await LabStore.RemoveAsync(state, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes down every lab that is not kept and whose owner is gone.</summary>
    /// <returns>The names of the labs removed.</returns>
    public static Task<IReadOnlyList<string>> CleanUpAbandonedAsync(CancellationToken cancellationToken = default)
    {
        Requirements.Check();
        return LabStore.CleanUpAbandonedAsync(cancellationToken);
    }

    /// <summary>The node of that name.</summary>
    /// <exception cref="LabException">The topology has no such node.</exception>
    public LabNode Node(string name) =>
        TryGetNode(name, out LabNode? node) ? node : throw new LabException($"The lab '{Instance}' has no node '{name}'. It has: {string.Join(", ", _nodes.Keys)}.");

    /// <summary>The node of that name, if there is one.</summary>
    public bool TryGetNode(string name, [NotNullWhen(true)] out LabNode? node) => _nodes.TryGetValue(name, out node);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        LabProcess[] running;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            running = [.. _processes];
        }

        if (_state.Kept || !_owned)
        {
            return;
        }

        foreach (LabProcess process in running)
        {
            await process.DisposeAsync().ConfigureAwait(false);
        }

        await LabStore.RemoveAsync(_state, CancellationToken.None).ConfigureAwait(false);
    }

    internal void Track(LabProcess process)
    {
        lock (_gate)
        {
            _processes.RemoveAll(known => known.HasExited);
            _processes.Add(process);
        }
    }

    /// <summary>The end of a link in a node, and the end opposite.</summary>
    internal (LabLinkEnd End, LabLinkEnd Peer) LinkEnd(string node, string @interface)
    {
        foreach (LabLink link in Topology.Links)
        {
            if (link.EndAt(node, @interface) is { } end)
            {
                return (end, link.Opposite(end));
            }
        }

        throw new LabException($"The node '{node}' has no link '{@interface}'.");
    }
}
