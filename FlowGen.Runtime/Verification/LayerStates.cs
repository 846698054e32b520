namespace FlowGen.Verification;

/// <summary>A batch on its way through the reference: the input of every layer, so that a change of a layer's parameters starts there.</summary>
internal sealed class LayerStates
{
    /// <summary>A change of the loss by this share of itself is no derivative: gradients are compared to 1e-4.</summary>
    private const double Floor = 1e-9;

    private readonly ReferenceInterpreter reference;
    private readonly FlowMode mode;
    private readonly double[] start;
    private readonly List<double[]> states = [];
    private readonly List<double[]> logDets = [];

    public LayerStates(ReferenceInterpreter reference, float[] x, FlowMode mode)
    {
        this.reference = reference;
        this.mode = mode;
        start = (double[])reference.Trainables.Clone();
        states.Add(Array.ConvertAll(x, static value => (double)value));
        logDets.Add(new double[x.Length / reference.Size]);
        for (int layer = 0; layer < reference.Layers; layer++)
        {
            double[] state = (double[])states[layer].Clone();
            double[] logDet = (double[])logDets[layer].Clone();
            reference.Forward(state, logDet, layer, layer + 1, mode);
            states.Add(state);
            logDets.Add(logDet);
        }

        Loss = reference.Loss(states[^1], logDets[^1]);
    }

    /// <summary>The mean negative log-likelihood, in nats.</summary>
    public double Loss { get; }

    /// <summary>The derivative of the loss along a direction of a layer's parameters; NaN on a kink.</summary>
    public double Derivative(int layer, ParameterDirection direction)
    {
        double[] derivative = new double[1];
        _ = Differences.Derive(
            (offset, values) =>
            {
                direction.Move(reference.Trainables, start, offset);
                double[] state = (double[])states[layer].Clone();
                double[] logDet = (double[])logDets[layer].Clone();
                reference.Forward(state, logDet, layer, reference.Layers, mode);
                values[0] = reference.Loss(state, logDet);
            },
            1,
            Floor,
            derivative);
        direction.Move(reference.Trainables, start, 0);
        return derivative[0];
    }
}
