using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Binding;

/// <summary>Lets a policy test be written as a table, <c>@{ From = 'bob'; To = 'web'; Protocol = 'Tcp'; Port = 443; Expect = 'Allow' }</c>, or be what
/// <c>Test-OverlayPolicy</c> wrote: then what came out is what must come out.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OverlayPolicyTestTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? input = Unwrap(inputData);
        return input is IEnumerable many and not IDictionary ? many.Cast<object?>().Select(Read).ToArray() : new[] { Read(input) };
    }

    private static OverlayPolicyTest Read(object? item) => Unwrap(item) switch
    {
        OverlayPolicyTest test => test,
        OverlayPolicyVerdict verdict => new OverlayPolicyTest(verdict.From, verdict.To, verdict.Protocol, verdict.Port, verdict.Action),
        IDictionary table => Read(table),
        _ => throw Refusal(),
    };

    private static OverlayPolicyTest Read(IDictionary table)
    {
        try
        {
            return new OverlayPolicyTest(
                Text(table["From"]) ?? throw Refusal(),
                Text(table["To"]) ?? throw Refusal(),
                Text(table["Protocol"]) is { } protocol ? Enum.Parse<IpProtocol>(protocol, ignoreCase: true) : IpProtocol.Tcp,
                Text(table["Port"]) is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : null,
                Text(table["Expect"]) is { } expect ? Enum.Parse<OverlayAction>(expect, ignoreCase: true) : throw Refusal());
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }

    private static string? Text(object? value) => Convert.ToString(Unwrap(value), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    private static object? Unwrap(object? input) => input is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : input;

    private static ArgumentTransformationMetadataException Refusal() =>
        new("A policy test is a table such as @{ From = 'bob'; To = 'web'; Protocol = 'Tcp'; Port = 443; Expect = 'Allow' }, or what Test-OverlayPolicy wrote.");
}
