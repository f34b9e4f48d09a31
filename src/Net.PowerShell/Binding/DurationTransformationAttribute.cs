using System.Globalization;
using System.Management.Automation;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Binding;

/// <summary>Lets a duration parameter take <c>2m</c> or a number of seconds; see <see cref="DurationText"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (input is null or TimeSpan)
        {
            return input;
        }

        // PowerShell takes 30d for the decimal number 30; the object around it remembers what was typed.
        string? text = inputData is PSObject typed && input is decimal ? typed.ToString() : Convert.ToString(input, CultureInfo.InvariantCulture);
        return DurationText.TryParse(text, out TimeSpan duration)
            ? duration
            : throw new ArgumentTransformationMetadataException($"'{input}' is not a duration such as 30s, 2m, 250ms or 00:02:00.");
    }
}
