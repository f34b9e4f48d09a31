using System.Management.Automation;

namespace Net.PowerShell.Binding;

/// <summary>Keeps a row of a CSV file, other objects made of properties only, and the engine's own records from counting as a name: PowerShell would
/// otherwise take the text of the whole object before it looks for a property of the parameter's name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NameTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (inputData is PSObject { BaseObject: var whole } && (whole is PSCustomObject || whole.GetType().Namespace == typeof(Contracts.Overlay).Namespace))
        {
            const string Message = "A name is needed here.";
            throw new ArgumentTransformationMetadataException(Message, new PSInvalidCastException(Message));
        }

        return inputData;
    }
}
