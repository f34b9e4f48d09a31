using System.Net.Sockets;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Rpc;
using Net.Engine.State;
using Net.Platform;

namespace Net.Engine.Tests;

/// <summary>The small seams of a host in one object.</summary>
internal sealed class FakeHost : IAccountNames, IPeerIdentifier, IPrivilegeReader, ILogLevels, ILinkFactsReader, IEchoProber, ITransactionSteps, ICgroupFinder
{
    private readonly Dictionary<string, EngineLogLevel> _levels = new() { ["*"] = EngineLogLevel.Information };

    /// <summary>Who the next client is.</summary>
    public uint CallerUserId { get; set; }

    public uint[] CallerGroups { get; set; } = [];

    public string CallerName { get; set; } = "root";

    public bool FailsToIdentify { get; set; }

    /// <summary>What comes of a probe.</summary>
    public Func<EchoRequest, EchoReply> Answer { get; set; } = _ => Reply(5);

    public int Probes { get; private set; }

    /// <summary>Called at each step of a transaction.</summary>
    public Action<TransactionStep> Step { get; set; } = _ => { };

    public string UserName => "tester";

    public IReadOnlyDictionary<string, EngineLogLevel> Levels => _levels;

    /// <summary>As on hosts where version 1 stands beside it.</summary>
    public string Root => "unified";

    public ulong? Find(string path) => null;

    public static EchoReply Reply(double milliseconds) => new() { Outcome = EchoOutcome.Reply, RoundTripTime = TimeSpan.FromMilliseconds(milliseconds) };

    public uint? FindUser(string name) => name == "alice" ? 1001u : null;

    public uint? FindGroup(string name) => name switch { "netmod" => 900u, "ops" => 901u, _ => null };

    public CallerIdentity Identify(Socket socket)
    {
        if (FailsToIdentify)
        {
            FailsToIdentify = false;
            throw new InvalidOperationException("the kernel does not say");
        }

        return new CallerIdentity { UserId = CallerUserId, GroupIds = CallerGroups, ProcessId = 1, UserName = CallerName };
    }

    public PrivilegeStatus Read() => new([], [], true, 1, null);

    public void Set(string area, EngineLogLevel? level) => _levels[area] = level ?? EngineLogLevel.Information;

    public LinkFacts Read(string interfaceName) => new() { IsPhysical = true };

    public Task<EchoReply> SendAsync(EchoRequest request, CancellationToken cancellationToken)
    {
        Probes++;
        return Task.FromResult(Answer(request));
    }

    public void Done(TransactionStep step) => Step(step);

    public void Dispose()
    {
    }
}
