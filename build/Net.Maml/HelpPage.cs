namespace Net.Maml;

/// <summary>A page of help/en-US about one cmdlet.</summary>
/// <param name="Name">The cmdlet.</param>
/// <param name="Synopsis">What it does, in one sentence.</param>
/// <param name="Description">Paragraphs.</param>
/// <param name="Examples">Its examples.</param>
/// <param name="Parameters">The paragraphs about each parameter.</param>
/// <param name="Inputs">Types it takes from the pipeline, each with a remark.</param>
/// <param name="Outputs">Types it writes, each with a remark.</param>
/// <param name="Notes">Paragraphs.</param>
/// <param name="Links">Related pages.</param>
internal sealed record HelpPage(
    string Name,
    string Synopsis,
    IReadOnlyList<string> Description,
    IReadOnlyList<HelpExample> Examples,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters,
    IReadOnlyList<(string Type, string Remark)> Inputs,
    IReadOnlyList<(string Type, string Remark)> Outputs,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Links);

/// <summary>An example.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Code">The commands and what they print.</param>
/// <param name="Remarks">Paragraphs about it.</param>
internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);
