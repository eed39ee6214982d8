using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;

namespace Lottery.Cli.Options;

/// <summary><c>--lr-at 20000,25000</c>: steps, ascending.</summary>
internal sealed class StepsOption : Option<string?>
{
    public StepsOption(string name, string description) : base(name)
    {
        Description = description;
        HelpName = "STEP,…";
    }

    /// <summary>The steps given; none where the option is not.</summary>
    /// <exception cref="UserException">One is no step, or they are not in order.</exception>
    public ImmutableArray<int> Of(ParseResult parsed)
    {
        if (parsed.GetValue(this) is not { } text) return [];
        var steps = ImmutableArray.CreateBuilder<int>();
        foreach (string word in text.Split(','))
        {
            bool isNext = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int step)
                && step > (steps.Count > 0 ? steps[^1] : 0);
            if (!isNext) throw new UserException($"{Name} is '{text}', but must be steps in ascending order, as in 20000,25000.");
            steps.Add(step);
        }
        return steps.ToImmutable();
    }
}
