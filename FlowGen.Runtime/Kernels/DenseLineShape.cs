namespace FlowGen.Kernels;

/// <summary>Where the parts of a <see cref="DenseLine"/> are, in the parameters, in the prepared weights and among the sums of a gradient.</summary>
/// <param name="hidden">The width of the first layer.</param>
/// <param name="second">The width of the second layer.</param>
/// <param name="outputs">The number of outputs.</param>
internal readonly struct DenseLineShape(int hidden, int second, int outputs)
{
    /// <summary>Up to here all breakpoints are compared with; beyond, every sixteenth says which sixteen to compare with.</summary>
    private const int MaxCompared = 64;

    private const int WideRow = 128;

    public int Hidden => hidden;

    public int Second => second;

    public int Outputs => outputs;

    /// <summary>The second layer in whole vectors: half of a row of the table.</summary>
    public int Width => Dense.Pad(second);

    /// <summary>From one row of the table or of the sums to the next; wide ones are an odd number of cache lines apart, or they would share few cache sets.</summary>
    public int RowStride => (2 * Width) + (Width >= WideRow ? 16 : 0);

    /// <summary>The breakpoints in whole vectors.</summary>
    public int Points => Dense.Pad(hidden);

    /// <summary>How many blocks of breakpoints are chosen from first; 0 where all are compared with.</summary>
    public int Blocks => Points > MaxCompared ? Points >> 4 : 0;

    /// <summary>Prepared: the last breakpoint of each block, behind the breakpoints.</summary>
    public int Coarse => Points;

    /// <summary>Prepared: the anchors of the pieces.</summary>
    public int Anchors => Coarse + Dense.Pad(Blocks);

    /// <summary>Prepared: the units in the order of their breakpoints, as integers; behind them those without one, i if it is always active, ~i if never.</summary>
    public int Order => Anchors + Dense.Pad(hidden + 1);

    /// <summary>Prepared: for each piece the second layer at its anchor, before the activation, and its slope.</summary>
    public int Rows => Order + Points;

    /// <summary>Prepared: the bias of the last layer.</summary>
    public int Bias => Rows + (RowCount * RowStride);

    /// <summary>Prepared: the rows of the last layer, in whole vectors.</summary>
    public int Last => Bias + Dense.Pad(outputs);

    /// <summary>The floats of all that is prepared.</summary>
    public int PreparedSize => Last + (outputs * Width);

    /// <summary>The most pieces.</summary>
    public int RowCount => hidden + 1;

    /// <summary>Sums: for each piece those of the gradient at the second layer and of that times the way from the anchor; then those for the last layer.</summary>
    public int SumsOfLast => RowCount * RowStride;

    /// <summary>The floats of the sums, with room to start at a whole vector.</summary>
    public int SumCount => SumsOfLast + (outputs * Width) + 15;

    /// <summary>Parameters: the bias of the first layer, behind its weights.</summary>
    public int FirstBias => hidden;

    /// <summary>Parameters: W of the second layer, <c>[second, hidden]</c>.</summary>
    public int SecondWeight => 2 * hidden;

    /// <summary>Parameters: its bias.</summary>
    public int SecondBias => SecondWeight + (second * hidden);

    /// <summary>Parameters: W of the last layer, <c>[outputs, second]</c>.</summary>
    public int LastWeight => SecondBias + second;

    /// <summary>Parameters: its bias.</summary>
    public int LastBias => LastWeight + (outputs * second);

    /// <summary>The number of parameters.</summary>
    public int ParameterCount => LastBias + outputs;
}
