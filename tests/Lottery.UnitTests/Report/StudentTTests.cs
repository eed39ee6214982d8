using CsCheck;
using Lottery.Report.Statistics;

namespace Lottery.UnitTests.Report;

public sealed class StudentTTests
{
    // Fisher & Yates 1963, Table III; infinity left out.
    [Theory]
    [InlineData(1, 0.975, 12.706)]
    [InlineData(2, 0.975, 4.303)]
    [InlineData(3, 0.975, 3.182)]
    [InlineData(4, 0.975, 2.776)]
    [InlineData(5, 0.975, 2.571)]
    [InlineData(9, 0.975, 2.262)]
    [InlineData(30, 0.975, 2.042)]
    [InlineData(120, 0.975, 1.980)]
    [InlineData(1, 0.9995, 636.619)]
    [InlineData(2, 0.9995, 31.599)]
    [InlineData(4, 0.995, 4.604)]
    [InlineData(10, 0.95, 1.812)]
    [InlineData(19, 0.90, 1.328)]
    public void Quantiles_are_those_of_the_published_table(int freedom, double p, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(p, freedom), 0.00051);

    [Fact]
    public void One_degree_of_freedom_is_the_Cauchy_distribution() =>
        Gen.Double[-1e3, 1e3].Sample(t => Assert.Equal(0.5 + Math.Atan(t) / Math.PI, StudentT.Cdf(t, 1), 1e-14));

    [Fact]
    public void Two_degrees_of_freedom_have_a_closed_form() =>
        Gen.Double[-1e3, 1e3].Sample(t => Assert.Equal(0.5 + t / (2 * Math.Sqrt(2 + t * t)), StudentT.Cdf(t, 2), 1e-14));

    [Fact]
    public void The_quantile_undoes_the_distribution_function() =>
        Gen.Select(Gen.Double[1e-6, 1 - 1e-6], Gen.Int[1, 60]).Sample((p, freedom) =>
            Assert.Equal(p, StudentT.Cdf(StudentT.Quantile(p, freedom), freedom), 1e-12));

    [Fact]
    public void The_distribution_is_symmetric_and_rises() =>
        Gen.Select(Gen.Double[0, 50], Gen.Double[0.001, 5], Gen.Int[1, 40]).Sample((t, step, freedom) =>
        {
            Assert.Equal(1, StudentT.Cdf(t, freedom) + StudentT.Cdf(-t, freedom), 1e-14);
            Assert.True(StudentT.Cdf(t + step, freedom) > StudentT.Cdf(t, freedom) - 1e-14);
        });

    [Theory]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(0, 0.5)]
    public void The_ends_and_the_middle_are_exact(double t, double expected)
    {
        Assert.Equal(expected, StudentT.Cdf(t, 4), 1e-15);
        Assert.Equal(expected, StudentT.Cdf(t, 5), 1e-15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void There_is_no_quantile_of_certainty(double p) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(p, 3));
}
