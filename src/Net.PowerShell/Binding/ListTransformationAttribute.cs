using System.Management.Automation;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Binding;

/// <summary>Lets a list parameter take numbers, texts with commas and <c>Any</c>; see <see cref="ListText"/>.</summary>
/// <typeparam name="T">The type of one item.</typeparam>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListTransformationAttribute<T> : ArgumentTransformationAttribute
    where T : IParsable<T>
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = Unwrap(inputData);
        if (input is PSCustomObject || (input is not null and not T && input.GetType().Namespace == typeof(Contracts.Overlay).Namespace && !input.GetType().IsArray))
        {
            // An invalid cast within is what makes the binder of the pipeline look for a property of the parameter's name.
            string message = $"'{inputData}' is not a {typeof(T).Name}.";
            throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
        }

        try
        {
            return ListText.Read<T>(input);
        }
        catch (FormatException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }

    // Values that went through a pipeline arrive in PSObjects, and so do the items of an array literal.
    private static object? Unwrap(object? input) => input switch
    {
        PSObject wrapped => Unwrap(wrapped.BaseObject),
        object[] many => Array.ConvertAll(many, Unwrap),
        _ => input,
    };
}
