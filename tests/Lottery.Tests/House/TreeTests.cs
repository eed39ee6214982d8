namespace Lottery.Tests.House;

public class TreeTests
{
    [Fact]
    public void Licence_and_citation_exist() =>
        Assert.All(["LICENSE", "CITATION.cff"], file => Assert.NotEmpty(Repository.Read(file)));
}
