using Microsoft.AspNetCore.Http;

namespace Lottery.Report.Dashboard;

/// <summary>What the page of runs shows, as its address states it.</summary>
/// <param name="Filter">The filter as it was typed.</param>
/// <param name="Sort">The name of a column, after a hyphen for descending order; empty for the order of the list.</param>
/// <param name="Columns">The names of columns in addition to those that the page shows by itself, separated by commas.</param>
/// <param name="Page">The page number from 1; a number beyond the pages shows the nearest.</param>
internal sealed record RunsQuery(string Filter = "", string Sort = "", string Columns = "", int Page = 1)
{
    /// <summary>The address of the page.</summary>
    public string Address => $"/runs?q={Uri.EscapeDataString(Filter)}&sort={Uri.EscapeDataString(Sort)}"
        + $"{(Columns.Length == 0 ? "" : $"&columns={Uri.EscapeDataString(Columns)}")}&page={Page}";

    /// <summary>Reads the parameters of an address.</summary>
    public static RunsQuery Of(IQueryCollection parameters) => new(
        parameters["q"].FirstOrDefault() ?? "", parameters["sort"].FirstOrDefault() ?? "", string.Join(',', parameters["columns"].OfType<string>()),
        int.TryParse(parameters["page"].FirstOrDefault(), out int page) ? page : 1);
}
