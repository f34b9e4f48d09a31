using Net.Contracts;
using Net.Contracts.Json;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Rpc;

namespace Net.Engine.Rpc;

/// <summary>Binds methods of the API to what serves them, with the caller's role checked before each.</summary>
internal sealed class EngineMethods
{
    private readonly Dictionary<string, EngineRole> _roles = EngineApi.All.ToDictionary(method => method.Name, method => method.Role);
    private static readonly NullItems Nulls = new(ContractsJsonContext.Wire);

    private readonly AccessSubsystem _access;
    private readonly Action<CallerIdentity, string, EngineRole> _denied;

    /// <summary>Creates an empty table.</summary>
    /// <param name="access">Knows the roles.</param>
    /// <param name="denied">Hears of each refused call.</param>
    public EngineMethods(AccessSubsystem access, Action<CallerIdentity, string, EngineRole> denied)
    {
        _access = access;
        _denied = denied;
        Dispatcher = new RpcDispatcher { Authorize = Authorize };
    }

    /// <summary>What connections are served from.</summary>
    public RpcDispatcher Dispatcher { get; }

    /// <summary>Binds a method that answers at once.</summary>
    public EngineMethods Add<TRequest, TResult>(ApiMethod<TRequest, TResult> method, Func<TRequest, Actor, TResult> handler)
    {
        Dispatcher.AddDeferred(method.Name, one => one.Add(
            method.Name, method.Request, method.Result, (request, context, _) => ValueTask.FromResult(handler(Whole(request), ActorOf(context)))));
        return this;
    }

    /// <summary>Binds a method.</summary>
    public EngineMethods Add<TRequest, TResult>(ApiMethod<TRequest, TResult> method, Func<TRequest, Actor, CancellationToken, Task<TResult>> handler)
    {
        Dispatcher.AddDeferred(method.Name, one => one.Add(
            method.Name, method.Request, method.Result,
            async (request, context, cancellationToken) => await handler(Whole(request), ActorOf(context), cancellationToken).ConfigureAwait(false)));
        return this;
    }

    /// <summary>Binds a method that needs the caller itself.</summary>
    public EngineMethods AddForCaller<TRequest, TResult>(ApiMethod<TRequest, TResult> method, Func<TRequest, CallerIdentity, TResult> handler)
    {
        Dispatcher.AddDeferred(method.Name, one => one.Add(
            method.Name, method.Request, method.Result, (request, context, _) => ValueTask.FromResult(handler(Whole(request), (CallerIdentity)context.State!))));
        return this;
    }

    /// <summary>Binds a method that streams.</summary>
    public EngineMethods Add<TRequest, TItem>(ApiStream<TRequest, TItem> method, Func<TRequest, CancellationToken, IAsyncEnumerable<TItem>> handler)
    {
        Dispatcher.AddDeferred(method.Name, one => one.AddStream(
            method.Name, method.Request, method.Item, (request, _, cancellationToken) => handler(Whole(request), cancellationToken)));
        return this;
    }

    private static TRequest Whole<TRequest>(TRequest request) => Nulls.Find(request) is { } place
        ? throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"A value is missing at {place}.", place)
        : request;

    private Actor ActorOf(RpcCallContext context)
    {
        var caller = (CallerIdentity)context.State!;
        return new Actor(caller.UserName, _access.RoleOf(caller));
    }

    private RpcException? Authorize(RpcCallContext context, string method)
    {
        var caller = (CallerIdentity)context.State!;
        if (!_roles.TryGetValue(method, out EngineRole needed))
        {
            return null;
        }

        if (method == EngineApi.EngineHello.Name)
        {
            return null;
        }

        if (!caller.HasSaidHello)
        {
            return EngineErrors.ToRpc(new EngineException(ErrorCatalogue.HelloRequired, $"{method} was called before engine.hello."));
        }

        EngineRole role = _access.RoleOf(caller);
        if (role >= needed)
        {
            return null;
        }

        _denied(caller, method, needed);
        return EngineErrors.ToRpc(new EngineException(ErrorCatalogue.RoleRequired, $"{method} needs the role {needed}; {caller.UserName} is {role}.", method));
    }
}
