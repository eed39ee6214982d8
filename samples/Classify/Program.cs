using System.Globalization;
using Lottery;
using Lottery.Prediction;
using Lottery.Samples;
using Lottery.Tickets;

// classify TICKET IMAGE [--time]: the class of a PGM or PPM image.
if (args is not [string file, string image, .. string[] options] || options is not ([] or ["--time"]))
{
    Console.Error.WriteLine("usage: classify TICKET IMAGE [--time]     for example: classify mnist.ticket seven.pgm");
    return 2;
}
try
{
    Ticket ticket = Ticket.Load(file);
    using var predictor = new Predictor(ticket);
    byte[] pixels = PortableMap.Read(image, ticket.Network.Input);
    int result = predictor.Predict(pixels);
    Console.WriteLine(result < ticket.Classes.Length ? ticket.Classes[result] : result.ToString(CultureInfo.InvariantCulture));
    if (options is ["--time"]) Console.WriteLine(Timing.Of(predictor, pixels));
    return 0;
}
catch (UserException wrong)
{
    Console.Error.WriteLine($"classify: {wrong.Message}");
    return wrong is WorkFailedException ? 1 : 2;
}
