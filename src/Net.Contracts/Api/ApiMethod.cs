using System.Text.Json.Serialization.Metadata;

namespace Net.Contracts;

/// <summary>A method of the engine's API, as both sides and the published schema know it.</summary>
public abstract class ApiMethod
{
    private protected ApiMethod(string name, EngineRole role, string summary)
    {
        Name = name;
        Role = role;
        Summary = summary;
    }

    /// <summary>The name on the wire, such as <c>firewall.listRules</c>.</summary>
    public string Name { get; }

    /// <summary>The smallest role that may call it.</summary>
    public EngineRole Role { get; }

    /// <summary>What it does, in one sentence.</summary>
    public string Summary { get; }

    /// <summary>Whether the result is a stream of items.</summary>
    public abstract bool IsStream { get; }

    /// <summary>The shape of the request; its members are the named arguments.</summary>
    public abstract JsonTypeInfo RequestInfo { get; }

    /// <summary>The shape of the result, or of one item of a stream.</summary>
    public abstract JsonTypeInfo ResultInfo { get; }
}

/// <summary>A method with one answer. Shapes are made when first used: building all of them took half of a command's time.</summary>
/// <typeparam name="TRequest">The record its named arguments form.</typeparam>
/// <typeparam name="TResult">What it answers.</typeparam>
public sealed class ApiMethod<TRequest, TResult>(
    string name, EngineRole role, string summary, Func<JsonTypeInfo<TRequest>> request, Func<JsonTypeInfo<TResult>> result)
    : ApiMethod(name, role, summary)
{
    /// <inheritdoc />
    public override bool IsStream => false;

    /// <summary>The shape of the request.</summary>
    public JsonTypeInfo<TRequest> Request => request();

    /// <summary>The shape of the result.</summary>
    public JsonTypeInfo<TResult> Result => result();

    /// <inheritdoc />
    public override JsonTypeInfo RequestInfo => Request;

    /// <inheritdoc />
    public override JsonTypeInfo ResultInfo => Result;
}

/// <summary>A method that answers with a stream of items.</summary>
/// <typeparam name="TRequest">The record its named arguments form.</typeparam>
/// <typeparam name="TItem">One item.</typeparam>
public sealed class ApiStream<TRequest, TItem>(
    string name, EngineRole role, string summary, Func<JsonTypeInfo<TRequest>> request, Func<JsonTypeInfo<TItem>> item)
    : ApiMethod(name, role, summary)
{
    /// <inheritdoc />
    public override bool IsStream => true;

    /// <summary>The shape of the request.</summary>
    public JsonTypeInfo<TRequest> Request => request();

    /// <summary>The shape of an item.</summary>
    public JsonTypeInfo<TItem> Item => item();

    /// <inheritdoc />
    public override JsonTypeInfo RequestInfo => Request;

    /// <inheritdoc />
    public override JsonTypeInfo ResultInfo => Item;
}
