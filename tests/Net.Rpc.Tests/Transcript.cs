namespace Net.Rpc.Tests;

/// <summary>One message of a transcript: who said it, and whether its text must be equal.</summary>
internal sealed record Line(bool IsOfClient, bool IsExact, string Json);

/// <summary>A recorded conversation in sections.</summary>
internal sealed record Section(string Title, IReadOnlyList<Line> Lines)
{
    public static IReadOnlyList<Section> Load(string path)
    {
        var sections = new List<Section>();
        var lines = new List<Line>();
        foreach (string text in File.ReadLines(path))
        {
            if (text.StartsWith("== ", StringComparison.Ordinal))
            {
                lines = [];
                sections.Add(new Section(text[3..], lines));
            }
            else if (text.Length > 2 && text[0] is 'C' or 'S')
            {
                lines.Add(new Line(text[0] == 'C', text[1] == ':', text[3..]));
            }
        }

        return sections;
    }
}
