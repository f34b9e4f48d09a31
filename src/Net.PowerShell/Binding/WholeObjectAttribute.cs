using System.Management.Automation;

namespace Net.PowerShell.Binding;

/// <summary>Lets a parameter take objects of its own type only. PowerShell would otherwise make one of anything that has properties,
/// such as a row of a CSV file, whose columns are meant for the other parameters.</summary>
/// <typeparam name="T">The type.</typeparam>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeObjectAttribute<T> : ArgumentTransformationAttribute
    where T : class
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => IsWhole(inputData)
        ? inputData
        : throw Refusal();

    private static bool IsWhole(object? input) => input switch
    {
        T => true,
        PSObject wrapped => !ReferenceEquals(wrapped.BaseObject, wrapped) && IsWhole(wrapped.BaseObject),
        object[] many => many.Length > 0 && Array.TrueForAll(many, IsWhole),
        _ => false,
    };

    // An invalid cast within is what makes the binder of the pipeline look for another way instead of failing.
    private static ArgumentTransformationMetadataException Refusal()
    {
        string message = $"A {typeof(T).Name} is needed here.";
        return new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }
}
