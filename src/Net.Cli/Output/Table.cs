using System.Text;

namespace Net.Cli.Output;

/// <summary>Writes rows as a table that fits the terminal: first flexible columns are cut, then all text, then columns at the end are left out.</summary>
internal static class Table
{
    private const int Gap = 2;
    private const int SmallestWidth = 6;
    private const string Unknown = "-";

    /// <summary>Writes the table; nothing at all without rows.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="width">Columns of the terminal; null cuts nothing.</param>
    /// <param name="color">Whether to write colour codes.</param>
    public static void Write<T>(TextWriter output, IReadOnlyList<T> rows, IReadOnlyList<TableColumn<T>> columns, int? width, bool color)
    {
        if (rows.Count == 0)
        {
            return;
        }

        string[][] cells = new string[rows.Count][];
        int[] widths = [.. columns.Select(column => DisplayWidth.Of(column.Header))];
        for (int row = 0; row < rows.Count; row++)
        {
            cells[row] = new string[columns.Count];
            for (int column = 0; column < columns.Count; column++)
            {
                string cell = columns[column].Value(rows[row]) is { Length: > 0 } text ? Text.Printable(text) : Unknown;
                cells[row][column] = cell;
                widths[column] = Math.Max(widths[column], DisplayWidth.Of(cell));
            }
        }

        int shown = width is { } limit ? Fit(columns, widths, limit) : columns.Count;
        var line = new StringBuilder();
        WriteLine(output, line, shown, widths, columns, column => (columns[column].Header, Tone.Plain), color: false);
        for (int row = 0; row < rows.Count; row++)
        {
            T item = rows[row];
            string[] values = cells[row];
            WriteLine(output, line, shown, widths, columns, column => (values[column], columns[column].Tone?.Invoke(item) ?? Tone.Plain), color);
        }
    }

    /// <summary>Writes name and value pairs, one per line; null values are left out.</summary>
    public static void WriteFacts(TextWriter output, params (string Name, string? Value)[] facts)
    {
        (string Name, string? Value)[] known = Array.FindAll(facts, fact => !string.IsNullOrEmpty(fact.Value));
        int width = known.Length == 0 ? 0 : known.Max(fact => fact.Name.Length);
        foreach ((string name, string? value) in known)
        {
            output.WriteLine($"{name.PadRight(width)}  {Text.Printable(value!)}");
        }
    }

    // Returns how many columns are shown, and changes their widths.
    private static int Fit<T>(IReadOnlyList<TableColumn<T>> columns, int[] widths, int limit)
    {
        int shown = columns.Count;
        while (true)
        {
            int excess = widths.Take(shown).Sum() + (Gap * (shown - 1)) - limit;
            excess = Shrink(widths, excess, [.. Enumerable.Range(0, shown).Where(i => columns[i].IsFlexible)], columns);
            excess = Shrink(widths, excess, [.. Enumerable.Range(0, shown).Where(i => !columns[i].IsNumber)], columns);
            if (excess <= 0)
            {
                return shown;
            }

            if (shown == 1)
            {
                widths[0] = Math.Max(1, limit);
                return shown;
            }

            shown--;
        }
    }

    private static int Shrink<T>(int[] widths, int excess, int[] candidates, IReadOnlyList<TableColumn<T>> columns)
    {
        while (excess > 0)
        {
            int widest = -1;
            foreach (int candidate in candidates)
            {
                int floor = Math.Max(SmallestWidth, columns[candidate].Header.Length);
                if (widths[candidate] > floor && (widest < 0 || widths[candidate] > widths[widest]))
                {
                    widest = candidate;
                }
            }

            if (widest < 0)
            {
                return excess;
            }

            widths[widest]--;
            excess--;
        }

        return excess;
    }

    private static void WriteLine<T>(
        TextWriter output, StringBuilder line, int shown, int[] widths, IReadOnlyList<TableColumn<T>> columns, Func<int, (string Text, Tone Tone)> cell, bool color)
    {
        line.Clear();
        for (int column = 0; column < shown; column++)
        {
            (string text, Tone tone) = cell(column);
            text = DisplayWidth.Cut(text, widths[column]);
            int padding = widths[column] - DisplayWidth.Of(text);
            bool last = column == shown - 1;
            if (columns[column].IsNumber)
            {
                line.Append(' ', padding);
            }

            AppendToned(line, text, color ? tone : Tone.Plain);
            if (!columns[column].IsNumber && !last)
            {
                line.Append(' ', padding);
            }

            line.Append(' ', last ? 0 : Gap);
        }

        output.WriteLine(line);
    }

    private static void AppendToned(StringBuilder line, string text, Tone tone)
    {
        string? code = tone switch
        {
            Tone.Good => "32",
            Tone.Warning => "33",
            Tone.Bad => "31",
            _ => null,
        };
        if (code is null)
        {
            line.Append(text);
            return;
        }

        line.Append("\x1b[").Append(code).Append('m').Append(text).Append("\x1b[0m");
    }
}
