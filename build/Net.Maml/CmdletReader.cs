using System.Reflection;

namespace Net.Maml;

/// <summary>Reads cmdlets from an assembly. Attributes are read as data: the reference assembly they come from has no bodies to run.</summary>
internal static class CmdletReader
{
    private const string Prefix = "System.Management.Automation.";

    /// <summary>The cmdlets, by name.</summary>
    public static IReadOnlyList<CmdletModel> Read(Assembly assembly) =>
        [.. assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && Find(type, "CmdletAttribute").Any())
            .Select(ReadCmdlet)
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)];

    private static CmdletModel ReadCmdlet(Type type)
    {
        CustomAttributeData cmdlet = Find(type, "CmdletAttribute").Single();
        List<ParameterModel> parameters = [.. type.GetProperties()
            .Where(property => Find(property, "ParameterAttribute").Any())
            .Select(ReadParameter)];
        if (Named(cmdlet, "SupportsShouldProcess") is true)
        {
            parameters.Add(Common("Confirm", "cf"));
            parameters.Add(Common("WhatIf", "wi"));
        }

        string[] outputs = [.. Find(type, "OutputTypeAttribute")
            .SelectMany(attribute => (IEnumerable<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)
            .Select(argument => ((Type)argument.Value!).FullName!)
            .Where(name => name != "System.Void")
            .Distinct()];
        return new CmdletModel(
            (string)cmdlet.ConstructorArguments[0].Value!,
            (string)cmdlet.ConstructorArguments[1].Value!,
            Named(cmdlet, "DefaultParameterSetName") as string,
            [.. parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)],
            outputs);
    }

    private static ParameterModel ReadParameter(PropertyInfo property)
    {
        var sets = new Dictionary<string, ParameterUse>(StringComparer.Ordinal);
        foreach (CustomAttributeData attribute in Find(property, "ParameterAttribute"))
        {
            sets[Named(attribute, "ParameterSetName") as string ?? CmdletModel.AllSets] = new ParameterUse(
                Named(attribute, "Mandatory") is true,
                Named(attribute, "Position") as int?,
                Named(attribute, "ValueFromPipeline") is true,
                Named(attribute, "ValueFromPipelineByPropertyName") is true);
        }

        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Type item = type.IsArray ? type.GetElementType()! : type;
        return new ParameterModel(
            property.Name,
            type.Name,
            type.Name == "SwitchParameter",
            item.IsEnum ? Enum.GetNames(item) : [],
            [.. Find(property, "AliasAttribute").SelectMany(Texts)],
            Find(property, "SupportsWildcardsAttribute").Any(),
            IsCommon: false,
            sets);
    }

    private static ParameterModel Common(string name, string alias) => new(
        name,
        "SwitchParameter",
        IsSwitch: true,
        [],
        [alias],
        AcceptsWildcards: false,
        IsCommon: true,
        new Dictionary<string, ParameterUse> { [CmdletModel.AllSets] = new(false, null, false, false) });

    private static IEnumerable<string> Texts(CustomAttributeData attribute) => attribute.ConstructorArguments
        .SelectMany(argument => argument.Value is IEnumerable<CustomAttributeTypedArgument> many ? many : [argument])
        .Select(argument => (string)argument.Value!);

    private static IEnumerable<CustomAttributeData> Find(MemberInfo member, string name) =>
        member.CustomAttributes.Where(attribute => attribute.AttributeType.FullName == Prefix + name);

    private static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.Where(argument => argument.MemberName == name).Select(argument => argument.TypedValue.Value).FirstOrDefault();
}
