using FlowGen.Kernels;

namespace FlowGen;

/// <summary>A step over many parameters, shared between threads: elements do not depend on each other, so that neither does the result on the threads.</summary>
/// <param name="optimizer">Whose step it is.</param>
internal sealed unsafe class OptimizerStep(Optimizer optimizer) : ParallelWork
{
    /// <summary>Fewer parameters are not worth a second thread.</summary>
    public const int WorthSharing = 16 * ChunkLength;

    private const int ChunkLength = ParameterSelection.ChunkLength;

    private float* parameters;
    private float* gradient;
    private int count;

    /// <summary>Moves all parameters.</summary>
    public void Run(Span<float> ofParameters, ReadOnlySpan<float> ofGradient)
    {
        fixed (float* first = ofParameters, slope = ofGradient)
        {
            parameters = first;
            gradient = slope;
            count = ofParameters.Length;
            Hold();
            Run((count + ChunkLength - 1) / ChunkLength, FlowThreads.Maximum);
            Drop();
        }
    }

    /// <inheritdoc/>
    protected override void Execute(int item)
    {
        int start = item * ChunkLength;
        int length = Math.Min(ChunkLength, count - start);
        optimizer.UpdatePart(new Span<float>(parameters + start, length), new ReadOnlySpan<float>(gradient + start, length), start);
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        // Belongs to one optimizer, not to a pool.
    }
}
