namespace Net.Rpc;

/// <summary>The arguments of one call, read by their declared parameters.</summary>
public sealed class RpcArguments
{
    private readonly RpcParameter[] _parameters;
    private readonly object?[] _values;

    internal RpcArguments(RpcParameter[] parameters, object?[] values)
    {
        _parameters = parameters;
        _values = values;
    }

    /// <summary>The argument of a parameter the method was declared with.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="parameter">The parameter.</param>
    public T Get<T>(RpcParameter<T> parameter)
    {
        int index = Array.IndexOf(_parameters, parameter);
        return index >= 0
            ? (T)_values[index]!
            : throw new ArgumentException("The method was not declared with this parameter.", nameof(parameter));
    }
}
