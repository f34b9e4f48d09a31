using System.Globalization;

namespace Net.Demo;

/// <summary>What was shown, with the numbers that were measured.</summary>
internal sealed class Summary
{
    private readonly List<(string What, string Result)> _rows = [];

    /// <summary>Adds a row.</summary>
    public void Add(string what, string result) => _rows.Add((what, result));

    /// <summary>Prints the table.</summary>
    public void Print(TimeSpan total)
    {
        _rows.Add(("the whole demo", string.Create(CultureInfo.InvariantCulture, $"{total.TotalSeconds:F1} s")));
        int width = _rows.Max(row => row.What.Length);
        Console.WriteLine();
        Console.WriteLine($"{"What was shown".PadRight(width)}  Measured");
        Console.WriteLine($"{new string('-', width)}  {new string('-', 40)}");
        foreach ((string what, string result) in _rows)
        {
            Console.WriteLine($"{what.PadRight(width)}  {result}");
        }
    }
}
