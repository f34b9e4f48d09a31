using System.Xml;
using System.Xml.Linq;

namespace Net.Build.Testing;

/// <summary>Reads the XML that xunit's own runner writes.</summary>
internal static class XunitResults
{
    public static void Read(TestOutcome outcome, string xml)
    {
        XDocument document;
        try
        {
            document = XDocument.Parse(xml);
        }
        catch (XmlException failure)
        {
            outcome.Failed.Add($"{outcome.Group}: its result file cannot be read: {failure.Message}");
            return;
        }

        foreach (XElement error in document.Descendants("error"))
        {
            outcome.Failed.Add($"{outcome.Group}: {(string?)error.Attribute("type")} {(string?)error.Attribute("name")}\n{Message(error)}");
        }

        foreach (XElement test in document.Descendants("test"))
        {
            // The runner writes names as C# would: quotes escaped.
            string name = ((string?)test.Attribute("name") ?? "unnamed").Replace("\\\"", "\"", StringComparison.Ordinal);
            switch ((string?)test.Attribute("result"))
            {
                case "Pass":
                    outcome.Passed++;
                    break;
                case "Skip":
                    outcome.Skipped.Add($"{name}: {test.Element("reason")?.Value.Trim() ?? "no reason given"}");
                    break;
                case "Fail":
                    outcome.Failed.Add($"{name}\n{Message(test)}");
                    break;
                default:
                    // Explicit tests are not run unless asked for; they count as nothing.
                    break;
            }
        }
    }

    private static string Message(XElement element)
    {
        XElement? failure = element.Element("failure");
        string text = $"{failure?.Element("message")?.Value.Trim()}\n{failure?.Element("stack-trace")?.Value.Trim()}\n{element.Element("output")?.Value.Trim()}";
        return string.Join('\n', text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).Select(line => "      " + line.TrimEnd()));
    }
}
