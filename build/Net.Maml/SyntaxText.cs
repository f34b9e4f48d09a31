using System.Text;

namespace Net.Maml;

/// <summary>The mechanical parts of a page.</summary>
internal static class SyntaxText
{
    /// <summary>The section SYNTAX.</summary>
    public static IEnumerable<string> Syntax(CmdletModel cmdlet)
    {
        foreach (string set in cmdlet.Sets)
        {
            yield return string.Empty;
            if (set != CmdletModel.AllSets)
            {
                yield return set == cmdlet.DefaultSet ? $"### {set} (Default)" : $"### {set}";
                yield return string.Empty;
            }

            yield return "```";
            yield return Line(cmdlet, set);
            yield return "```";
        }

        yield return string.Empty;
    }

    /// <summary>The yaml under a parameter.</summary>
    public static IEnumerable<string> Yaml(CmdletModel cmdlet, ParameterModel parameter)
    {
        foreach (IGrouping<ParameterUse, string> use in parameter.Sets.GroupBy(set => set.Value, set => set.Key))
        {
            string sets = use.First() == CmdletModel.AllSets
                ? "(All)"
                : string.Join(", ", use.OrderBy(set => set == cmdlet.DefaultSet ? 0 : 1).ThenBy(set => set, StringComparer.Ordinal));
            yield return "```yaml";
            yield return $"Type: {parameter.TypeName}";
            yield return $"Parameter Sets: {sets}";
            yield return $"Aliases: {string.Join(", ", parameter.Aliases)}".TrimEnd();
            if (parameter.Values.Count > 0)
            {
                yield return $"Accepted values: {string.Join(", ", parameter.Values)}";
            }

            yield return string.Empty;
            yield return $"Required: {use.Key.IsMandatory}";
            yield return $"Position: {use.Key.Position?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "Named"}";
            yield return $"Accept pipeline input: {use.Key.Pipeline}";
            yield return $"Accept wildcard characters: {parameter.AcceptsWildcards}";
            yield return "```";
            yield return string.Empty;
        }
    }

    private static string Line(CmdletModel cmdlet, string set)
    {
        var line = new StringBuilder(cmdlet.Name);
        foreach ((ParameterModel parameter, ParameterUse use) in cmdlet.ParametersOf(set))
        {
            string name = use.Position is null ? $"-{parameter.Name}" : $"[-{parameter.Name}]";
            string text = parameter.IsSwitch ? name : $"{name} <{parameter.TypeName}>";
            line.Append(' ').Append(use.IsMandatory ? text : $"[{text}]");
        }

        return line.Append(" [<CommonParameters>]").ToString();
    }
}
