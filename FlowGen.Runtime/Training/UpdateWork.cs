using FlowGen.Kernels;

namespace FlowGen;

/// <summary>
/// The passes over all trained parameters: the norm of the gradient, and the step of optimizer and average in one. Chunks are fixed by the flow, each is done by one thread
/// and their sums are added in order, so results do not depend on the threads.
/// </summary>
internal sealed class UpdateWork(ParameterSelection selection, Optimizer optimizer, WeightAverage? average) : ParallelWork
{
    /// <summary>Fewer chunks are not worth a second thread.</summary>
    private const int WorthSharing = 16;

    private readonly double[] squares = new double[selection.Chunks.Length];
    private float[] parameters = [];
    private float[] gradient = [];
    private bool measuring;

    /// <summary>The Euclidean norm of the gradient by the trained parameters; not finite where an element is not.</summary>
    public double Norm(float[] ofGradient)
    {
        gradient = ofGradient;
        measuring = true;
        Share();
        double sum = 0;
        foreach (double square in squares)
        {
            sum += square;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Moves the trained parameters, and their average with them.</summary>
    public void Step(float[] ofParameters, float[] ofGradient, double learningRate, double gradientScale)
    {
        parameters = ofParameters;
        gradient = ofGradient;
        measuring = false;
        optimizer.BeginStep(parameters.Length, learningRate, gradientScale);
        average?.BeginStep(optimizer.Steps);
        Share();
    }

    /// <inheritdoc/>
    protected override void Execute(int item)
    {
        var chunk = selection.Chunks[item];
        if (measuring)
        {
            squares[item] = GradientNorm.SumOfSquares(gradient.AsSpan(chunk));
            return;
        }

        var part = parameters.AsSpan(chunk);
        int start = chunk.Start.Value;
        optimizer.UpdatePart(part, gradient.AsSpan(chunk), start);
        average?.UpdatePart(part, start);
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        // Belongs to one training, not to a pool.
    }

    private void Share()
    {
        int chunks = selection.Chunks.Length;
        if (chunks < WorthSharing)
        {
            for (int i = 0; i < chunks; i++)
            {
                Execute(i);
            }

            return;
        }

        Hold();
        Run(chunks, FlowThreads.Maximum);
        Drop();
    }
}
