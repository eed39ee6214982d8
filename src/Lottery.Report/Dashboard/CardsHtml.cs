using Lottery.Report.Pages;
using Lottery.Report.Tables;
using Lottery.Studies.Store.Activity;

namespace Lottery.Report.Dashboard;

/// <summary>The cards that runs are trained on: their memory, how busy they are, and which runs are on them.</summary>
internal static class CardsHtml
{
    private const int MostRuns = 8;

    /// <summary>The section; nothing where no run is trained on a card.</summary>
    public static Html Render(StoreSnapshot now) => now.Cards.IsEmpty ? Html.Empty : Html.Of($"""
        <section id="cards"><h2>NVIDIA cards</h2>
        <ul class="cards">{now.Cards.Select(card => Card(card, now))}</ul></section>
        """);

    private static Html Card(ActiveCard card, StoreSnapshot now)
    {
        string[] runs = [.. card.Runs.Where(id => !now.ById.ContainsKey(id))];
        string memory = card.UsedBytes is { } used ? $"{NumberFormat.Size(used)} of {NumberFormat.Size(card.TotalBytes)} used" : $"{NumberFormat.Size(card.TotalBytes)} of memory";
        return Html.Of($"""
            <li class="card">
            <p class="run-name">{card.Name}</p>
            <p class="note">card {card.Number} of {card.Host}</p>
            {(card.UsedBytes is { } taken ? PageParts.Bar((double)taken / card.TotalBytes, $"Memory of card {card.Number} of {card.Host}") : Html.Empty)}
            <p class="note">{memory}{(card.Utilization is { } busy ? $" · busy {busy} % of the time" : "")} · {NumberFormat.Counted(runs.Length, "run")}</p>
            <p class="note">{runs.Take(MostRuns).Select(id => Html.Of($"{PageParts.Run(id)} "))}{(runs.Length > MostRuns ? $"and {NumberFormat.Count(runs.Length - MostRuns)} more" : "")}</p>
            </li>

            """);
    }
}
