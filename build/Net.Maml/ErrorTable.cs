using System.Reflection;
using System.Text;
using Net.Contracts;

namespace Net.Maml;

/// <summary>The catalogue of errors as a table.</summary>
internal static class ErrorTable
{
    /// <summary>The table, with the category each error has in PowerShell as <paramref name="cmdlets"/> maps it.</summary>
    public static string Markdown(Assembly cmdlets)
    {
        MethodInfo map = cmdlets.GetType("Net.PowerShell.Errors.ErrorRecords", throwOnError: true)!.GetMethod("CategoryOf")!;
        var table = new StringBuilder("| Error id | Category | When | What to do |\n|---|---|---|---|\n");
        foreach (ErrorDefinition error in ErrorCatalogue.ById.Values.OrderBy(error => error.Id, StringComparer.Ordinal))
        {
            object category = map.Invoke(null, [error.Code])!;
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {error.Id} | {category} | {error.Meaning} | {error.RecommendedAction} |\n");
        }

        return table.ToString();
    }
}
