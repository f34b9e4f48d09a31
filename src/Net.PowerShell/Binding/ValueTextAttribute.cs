using System.Globalization;
using System.Management.Automation;

namespace Net.PowerShell.Binding;

/// <summary>Lets a parameter take the text of one value, checked at once, and <c>Any</c> or nothing to take the value away: then the parameter is the empty text.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValueTextAttribute<T> : ArgumentTransformationAttribute
    where T : IParsable<T>
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        string text = Convert.ToString(input, CultureInfo.InvariantCulture) ?? string.Empty;
        if (text.Length == 0 || text.Equals("Any", StringComparison.OrdinalIgnoreCase))
        {
            return string.Empty;
        }

        try
        {
            return T.Parse(text, CultureInfo.InvariantCulture).ToString()!;
        }
        catch (FormatException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }
}
