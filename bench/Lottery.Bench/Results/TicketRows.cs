using System.Collections.Immutable;

namespace Lottery.Bench.Results;

/// <summary>Tickets in files.</summary>
/// <param name="Sizes">A recipe of LeNet-300-100 at each density.</param>
/// <param name="Contexts">What the contexts of the mask codec save there, and in Conv-6.</param>
/// <param name="Speeds">Packing and unpacking Conv-6.</param>
internal sealed record TicketRows(ImmutableArray<TicketSizeRow> Sizes, ImmutableArray<ContextRow> Contexts, ImmutableArray<TicketSpeedRow> Speeds);

/// <summary>A mask in bytes.</summary>
/// <param name="Density">0–1.</param>
/// <param name="Bound">Σ n H(density) ÷ 8 over the layers.</param>
/// <param name="Ticket">The whole file: a recipe that says all that <c>ticket pack</c> says.</param>
/// <param name="Masks">Of these, the masks.</param>
/// <param name="Adaptive">The same arithmetic coder with one adaptive probability a layer.</param>
/// <param name="Xz">The bits, eight a byte, through <c>xz -9e</c>; null where it is not installed.</param>
/// <param name="Zstd">Through <c>zstd --ultra -22</c>; null likewise.</param>
/// <param name="Dense">All weights and biases as safetensors in single precision.</param>
internal sealed record TicketSizeRow(double Density, double Bound, int Ticket, int Masks, int Adaptive, int? Xz, int? Zstd, int Dense);

/// <summary>The bytes of a mask with other contexts, over those with the contexts chosen.</summary>
/// <param name="Contexts">What is different.</param>
/// <param name="Ratios">At each density, then of Conv-6.</param>
internal sealed record ContextRow(string Contexts, ImmutableArray<double> Ratios);

/// <summary>Millions of prunable weights a second.</summary>
/// <param name="Kind">Of the ticket.</param>
/// <param name="Density">0–1.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Pack">From mask and weights or seed to bytes.</param>
/// <param name="Unpack">From bytes to mask and weights.</param>
internal sealed record TicketSpeedRow(string Kind, double Density, int Bytes, double Pack, double Unpack);
