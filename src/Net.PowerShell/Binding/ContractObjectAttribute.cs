using System.Management.Automation;

namespace Net.PowerShell.Binding;

/// <summary>Lets a parameter take the engine's own records only, like <see cref="WholeObjectAttribute{T}"/>, where the type of the parameter is that of a generic
/// class and the attribute cannot name it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ContractObjectAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => IsRecord(inputData)
        ? inputData
        : throw Refusal();

    private static bool IsRecord(object? input) => input switch
    {
        PSObject wrapped => !ReferenceEquals(wrapped.BaseObject, wrapped) && IsRecord(wrapped.BaseObject),
        object[] many => many.Length > 0 && Array.TrueForAll(many, IsRecord),
        _ => input?.GetType().Namespace == typeof(Contracts.FirewallRule).Namespace,
    };

    // An invalid cast within is what makes the binder of the pipeline look for another way instead of failing.
    private static ArgumentTransformationMetadataException Refusal()
    {
        const string Message = "A whole object is needed here.";
        return new ArgumentTransformationMetadataException(Message, new PSInvalidCastException(Message));
    }
}
