using System.Text;

namespace Net.Testing.Reporting;

/// <summary>An aligned table: text to the left, numbers to the right.</summary>
public sealed class TextTable(params string[] headers)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells)
    {
        if (cells.Length != headers.Length)
        {
            throw new ArgumentException($"The table has {headers.Length} columns, the row {cells.Length}.", nameof(cells));
        }

        _rows.Add(cells);
    }

    public override string ToString()
    {
        int[] widths = [.. headers.Select((header, column) => _rows.Select(row => row[column].Length).Append(header.Length).Max())];
        bool[] numeric = [.. headers.Select((_, column) => _rows.Count > 0 && _rows.All(row => IsNumber(row[column])))];
        StringBuilder text = new();
        WriteRow(text, headers, widths, numeric);
        WriteRow(text, [.. widths.Select(width => new string('-', width))], widths, numeric);
        foreach (string[] row in _rows)
        {
            WriteRow(text, row, widths, numeric);
        }

        return text.ToString();
    }

    private static void WriteRow(StringBuilder text, string[] cells, int[] widths, bool[] numeric)
    {
        IEnumerable<string> padded = cells.Select((cell, column) => numeric[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
        text.Append(string.Join("  ", padded).TrimEnd()).Append('\n');
    }

    // "-" stands for a number that is not there; ">= 20,000" and "1.5x" are still numbers to the eye, "1/s" is not.
    private static bool IsNumber(string cell) =>
        cell is "-" or "" || ((char.IsAsciiDigit(cell[0]) || cell[0] is '<' or '>' or '-') && (char.IsAsciiDigit(cell[^1]) || cell[^1] == 'x'));
}
