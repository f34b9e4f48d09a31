using System.Xml;

namespace Net.Maml;

/// <summary>Writes MAML, the form Get-Help reads.</summary>
internal static class MamlWriter
{
    private const string Root = "http://msh";
    private const string MamlNamespace = "http://schemas.microsoft.com/maml/2004/10";
    private const string CommandNamespace = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private const string DevNamespace = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>Writes one file about all cmdlets.</summary>
    public static void Write(string file, IReadOnlyList<CmdletModel> cmdlets, IReadOnlyList<HelpPage> pages)
    {
        using var xml = XmlWriter.Create(file, new XmlWriterSettings { Indent = true, NewLineChars = "\n" });
        xml.WriteStartElement("helpItems", Root);
        xml.WriteAttributeString("schema", "maml");
        foreach ((CmdletModel cmdlet, HelpPage page) in cmdlets.Zip(pages))
        {
            WriteCommand(xml, cmdlet, page);
        }

        xml.WriteEndElement();
    }

    private static void WriteCommand(XmlWriter xml, CmdletModel cmdlet, HelpPage page)
    {
        xml.WriteStartElement("command", "command", CommandNamespace);
        xml.WriteAttributeString("xmlns", "maml", null, MamlNamespace);
        xml.WriteAttributeString("xmlns", "dev", null, DevNamespace);

        Command(xml, "details", () =>
        {
            Command(xml, "name", cmdlet.Name);
            Maml(xml, "description", [page.Synopsis]);
            Command(xml, "verb", cmdlet.Verb);
            Command(xml, "noun", cmdlet.Noun);
        });
        Maml(xml, "description", page.Description);
        Command(xml, "syntax", () =>
        {
            foreach (string set in cmdlet.Sets)
            {
                WriteSyntax(xml, cmdlet, page, set);
            }
        });
        Command(xml, "parameters", () =>
        {
            foreach (ParameterModel parameter in cmdlet.Parameters)
            {
                WriteParameter(xml, parameter, parameter.In(cmdlet.Sets[0]) ?? parameter.Sets.Values.First(), page);
            }
        });
        WriteTypes(xml, "inputTypes", "inputType", page.Inputs);
        WriteTypes(xml, "returnValues", "returnValue", page.Outputs);
        if (page.Notes.Count > 0)
        {
            xml.WriteStartElement("alertSet", MamlNamespace);
            Maml(xml, "alert", page.Notes);
            xml.WriteEndElement();
        }

        Command(xml, "examples", () =>
        {
            foreach (HelpExample example in page.Examples)
            {
                WriteExample(xml, example);
            }
        });
        Command(xml, "relatedLinks", () =>
        {
            foreach (string link in page.Links)
            {
                xml.WriteStartElement("navigationLink", MamlNamespace);
                xml.WriteElementString("linkText", MamlNamespace, link);
                xml.WriteElementString("uri", MamlNamespace, string.Empty);
                xml.WriteEndElement();
            }
        });
        xml.WriteEndElement();
    }

    private static void WriteSyntax(XmlWriter xml, CmdletModel cmdlet, HelpPage page, string set) => Command(xml, "syntaxItem", () =>
    {
        xml.WriteElementString("name", MamlNamespace, cmdlet.Name);
        foreach ((ParameterModel parameter, ParameterUse use) in cmdlet.ParametersOf(set))
        {
            WriteParameter(xml, parameter, use, page);
        }
    });

    private static void WriteParameter(XmlWriter xml, ParameterModel parameter, ParameterUse use, HelpPage page)
    {
        xml.WriteStartElement("parameter", CommandNamespace);
        xml.WriteAttributeString("required", use.IsMandatory ? "true" : "false");
        xml.WriteAttributeString("variableLength", "true");
        xml.WriteAttributeString("globbing", parameter.AcceptsWildcards ? "true" : "false");
        xml.WriteAttributeString("pipelineInput", use.Pipeline);
        xml.WriteAttributeString("position", use.Position?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "named");
        xml.WriteAttributeString("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases));
        xml.WriteElementString("name", MamlNamespace, parameter.Name);
        Maml(xml, "description", page.Parameters[parameter.Name]);
        if (parameter.Values.Count > 0)
        {
            Command(xml, "parameterValueGroup", () =>
            {
                foreach (string value in parameter.Values)
                {
                    Command(xml, "parameterValue", value);
                }
            });
        }

        if (!parameter.IsSwitch)
        {
            xml.WriteStartElement("parameterValue", CommandNamespace);
            xml.WriteAttributeString("required", "true");
            xml.WriteAttributeString("variableLength", "false");
            xml.WriteString(parameter.TypeName);
            xml.WriteEndElement();
        }

        xml.WriteStartElement("type", DevNamespace);
        xml.WriteElementString("name", MamlNamespace, parameter.TypeName);
        xml.WriteElementString("uri", MamlNamespace, string.Empty);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteTypes(XmlWriter xml, string list, string item, IReadOnlyList<(string Type, string Remark)> types) =>
        Command(xml, list, () =>
        {
            foreach ((string type, string remark) in types)
            {
                Command(xml, item, () =>
                {
                    xml.WriteStartElement("type", DevNamespace);
                    xml.WriteElementString("name", MamlNamespace, type);
                    xml.WriteEndElement();
                    Maml(xml, "description", [remark]);
                });
            }
        });

    private static void WriteExample(XmlWriter xml, HelpExample example) => Command(xml, "example", () =>
    {
        xml.WriteElementString("title", MamlNamespace, $"--- {example.Title} ---");
        xml.WriteElementString("code", DevNamespace, example.Code);
        xml.WriteStartElement("remarks", DevNamespace);
        foreach (string remark in example.Remarks)
        {
            xml.WriteElementString("para", MamlNamespace, remark);
        }

        xml.WriteEndElement();
    });

    private static void Command(XmlWriter xml, string name, string text) => xml.WriteElementString(name, CommandNamespace, text);

    private static void Command(XmlWriter xml, string name, Action content)
    {
        xml.WriteStartElement(name, CommandNamespace);
        content();
        xml.WriteEndElement();
    }

    private static void Maml(XmlWriter xml, string name, IReadOnlyList<string> paragraphs)
    {
        xml.WriteStartElement(name, MamlNamespace);
        foreach (string paragraph in paragraphs)
        {
            xml.WriteElementString("para", MamlNamespace, paragraph);
        }

        xml.WriteEndElement();
    }
}
