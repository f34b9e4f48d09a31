using System.Globalization;
using System.Text;

namespace Net.Engine.Metrics;

/// <summary>Writes the Prometheus text format, version 0.0.4 (prometheus.io, "Exposition formats").</summary>
internal sealed class PrometheusWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a metric; its samples follow.</summary>
    /// <param name="name">The name without the prefix <c>netmod_</c>.</param>
    /// <param name="type">counter or gauge.</param>
    /// <param name="help">What it measures, with the unit.</param>
    public PrometheusWriter Metric(string name, string type, string help)
    {
        _text.Append("# HELP netmod_").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        _text.Append("# TYPE netmod_").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    /// <summary>Writes a sample of a metric.</summary>
    public PrometheusWriter Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append("netmod_").Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{');
            for (int index = 0; index < labels.Length; index++)
            {
                _text.Append(index > 0 ? "," : string.Empty).Append(labels[index].Name).Append("=\"");
                AppendEscaped(labels[index].Value);
                _text.Append('"');
            }

            _text.Append('}');
        }

        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    private void AppendEscaped(string value)
    {
        foreach (char character in value)
        {
            _ = character switch
            {
                '\\' => _text.Append("\\\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append("\\n"),
                _ => _text.Append(character),
            };
        }
    }
}
