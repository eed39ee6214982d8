using System.Collections.Immutable;
using Lottery.Networks.Descriptions;

namespace Lottery.Networks;

/// <summary>
/// One case for each kind of layer. Code that treats layers by kind implements it, so that a new kind does not compile until
/// every such place has a case for it.
/// </summary>
/// <typeparam name="T">What a case returns.</typeparam>
public interface ILayerVisitor<out T>
{
    /// <summary>The case of a linear layer.</summary>
    T Visit(Linear layer);

    /// <summary>The case of a convolution.</summary>
    T Visit(Convolution layer);

    /// <summary>The case of a depthwise convolution.</summary>
    T Visit(DepthwiseConvolution layer);

    /// <summary>The case of a batch normalization.</summary>
    T Visit(BatchNormalization layer);

    /// <summary>The case of a ReLU.</summary>
    T Visit(Relu layer);

    /// <summary>The case of max pooling.</summary>
    T Visit(MaxPool layer);

    /// <summary>The case of average pooling.</summary>
    T Visit(AveragePool layer);

    /// <summary>The case of global average pooling.</summary>
    T Visit(GlobalAveragePool layer);

    /// <summary>The case of flattening.</summary>
    T Visit(Flatten layer);

    /// <summary>The case of dropout.</summary>
    T Visit(Dropout layer);

    /// <summary>The case of the parameter-free shortcut.</summary>
    T Visit(ZeroPad layer);

    /// <summary>The case of a residual block.</summary>
    T Visit(Residual layer);
}

/// <summary>The words of all layers, in the order in which errors list them.</summary>
internal static class LayerWords
{
    public static ImmutableArray<LayerWord> All { get; } =
    [
        Convolution.Word, DepthwiseConvolution.Word, Linear.Word, Linear.OutputWord, BatchNormalization.Word, Relu.Word, MaxPool.Word,
        AveragePool.Word, GlobalAveragePool.Word, Flatten.Word, Dropout.Word, Residual.Word, ZeroPad.Word,
    ];
}
