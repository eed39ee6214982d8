using Lottery.Report.Pages;

namespace Lottery.UnitTests.Report;

public class HtmlTests
{
    [Fact]
    public void What_is_written_into_markup_is_escaped_unless_it_is_markup()
    {
        string name = "<b a=\"'&";
        Assert.Equal("<i t=\"&lt;b a=&quot;&#x27;&amp;\">7</i>", Html.Of($"<i t=\"{name}\">{7}</i>").Text);
        Assert.Equal("<p><i>é</i><i></i></p>", Html.Of($"<p>{(Html[])[Html.Of($"<i>{"é"}</i>"), Html.Of($"<i>{(string?)null}</i>")]}</p>").Text);
    }

    [Theory]
    [InlineData("a\u001b[31m\u0007b", "a␛[31m␇b")]
    [InlineData("a\u202Eb\u2066", "a\uFFFDb\uFFFD")]
    [InlineData("a\tb\r\nc", "a b \nc")]
    [InlineData("מזל 中 é 👩‍🔬", "מזל 中 é 👩‍🔬")]
    public void What_controls_a_terminal_or_the_direction_of_text_is_made_visible(string text, string visible) =>
        Assert.Equal(visible, System.Net.WebUtility.HtmlDecode(Html.Of($"{text}").Text));

    [Fact]
    public void A_script_that_the_page_does_not_know_does_not_run()
    {
        string page = new HtmlPage { Title = "</title><script>1", Kind = "", Body = Html.Empty, Foot = "", Scripts = _ => Html.Empty }.Write();
        Assert.Contains("script-src &#x27;nonce-", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }
}
