namespace Net.Maml;

/// <summary>A cmdlet as its attributes describe it.</summary>
/// <param name="Verb">Its verb.</param>
/// <param name="Noun">Its noun.</param>
/// <param name="DefaultSet">The parameter set PowerShell takes in doubt; null for the first.</param>
/// <param name="Parameters">Its parameters, those of -WhatIf and -Confirm included, by name.</param>
/// <param name="OutputTypes">Full names of what it writes.</param>
internal sealed record CmdletModel(
    string Verb, string Noun, string? DefaultSet, IReadOnlyList<ParameterModel> Parameters, IReadOnlyList<string> OutputTypes)
{
    /// <summary>The parameter set of parameters that belong to all.</summary>
    public const string AllSets = "__AllParameterSets";

    /// <summary>Its name.</summary>
    public string Name => $"{Verb}-{Noun}";

    /// <summary>Its parameter sets, the default first.</summary>
    public IReadOnlyList<string> Sets
    {
        get
        {
            string[] named = [.. Parameters.SelectMany(parameter => parameter.Sets.Keys).Where(set => set != AllSets).Distinct()];
            return named.Length == 0 ? [AllSets] : [.. named.OrderBy(set => set == DefaultSet ? 0 : 1).ThenBy(set => set, StringComparer.Ordinal)];
        }
    }

    /// <summary>The parameters of one set: positional ones in their order, then mandatory ones, then the others by name.</summary>
    public IEnumerable<(ParameterModel Parameter, ParameterUse Use)> ParametersOf(string set) => Parameters
        .Select(parameter => (Parameter: parameter, Use: parameter.In(set)))
        .Where(pair => pair.Use is not null)
        .Select(pair => (pair.Parameter, pair.Use!))
        .OrderBy(pair => pair.Item2.Position ?? int.MaxValue)
        .ThenBy(pair => pair.Item2.IsMandatory ? 0 : 1)
        .ThenBy(pair => pair.Parameter.IsCommon ? 1 : 0)
        .ThenBy(pair => pair.Parameter.Name, StringComparer.Ordinal);
}

/// <summary>A parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type, as help shows it.</param>
/// <param name="IsSwitch">Whether it takes no value.</param>
/// <param name="Values">The values of an enum; empty for other types.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="AcceptsWildcards">Whether it takes patterns.</param>
/// <param name="IsCommon">Whether it is -WhatIf or -Confirm.</param>
/// <param name="Sets">How it is used in each parameter set.</param>
internal sealed record ParameterModel(
    string Name,
    string TypeName,
    bool IsSwitch,
    IReadOnlyList<string> Values,
    IReadOnlyList<string> Aliases,
    bool AcceptsWildcards,
    bool IsCommon,
    IReadOnlyDictionary<string, ParameterUse> Sets)
{
    /// <summary>How it is used in <paramref name="set"/>; null when it does not belong to it.</summary>
    public ParameterUse? In(string set) => Sets.GetValueOrDefault(set) ?? Sets.GetValueOrDefault(CmdletModel.AllSets);
}

/// <summary>How a parameter is used in a parameter set.</summary>
/// <param name="IsMandatory">Whether it must be given.</param>
/// <param name="Position">Its place without a name; null when it needs one.</param>
/// <param name="ByValue">Whether whole objects of the pipeline bind to it.</param>
/// <param name="ByPropertyName">Whether a property of that name binds to it.</param>
internal sealed record ParameterUse(bool IsMandatory, int? Position, bool ByValue, bool ByPropertyName)
{
    /// <summary>The pipeline, as help words it.</summary>
    public string Pipeline => (ByValue, ByPropertyName) switch
    {
        (true, true) => "True (ByValue, ByPropertyName)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };
}
