namespace FlowGen.Generator.Usage;

/// <summary>What calling a member means for the flow that it is called on.</summary>
internal enum FlowRole
{
    /// <summary>Leaves the flow as it is and works in any state.</summary>
    Neutral,

    /// <summary>Evaluates the flow, which must be initialised.</summary>
    Evaluates,

    /// <summary>Initialises the data-dependent layers that nothing has initialised yet.</summary>
    Initializes,

    /// <summary>Trains, which initialises what nothing has initialised yet.</summary>
    Trains,

    /// <summary>Replaces the parameters and the flags of initialisation.</summary>
    Loads,
}

/// <summary>A member of every flow, by its name.</summary>
/// <param name="Role">What calling it means for the flow.</param>
/// <param name="ResultOnly">Whether an overload that returns something does nothing else.</param>
/// <param name="NeedsLevels">Whether the flow must begin with whole numbers.</param>
internal sealed record FlowMember(FlowRole Role, bool ResultOnly = false, bool NeedsLevels = false)
{
    private static readonly Dictionary<string, FlowMember> ByName = new(StringComparer.Ordinal)
    {
        ["BitsPerDim"] = new(FlowRole.Evaluates, ResultOnly: true, NeedsLevels: true),
        ["Fit"] = new(FlowRole.Trains),
        ["Forward"] = new(FlowRole.Evaluates, ResultOnly: true),
        ["Initialize"] = new(FlowRole.Initializes),
        ["Inverse"] = new(FlowRole.Evaluates, ResultOnly: true),
        ["Load"] = new(FlowRole.Loads),
        ["LogProb"] = new(FlowRole.Evaluates, ResultOnly: true),
        ["LossGradient"] = new(FlowRole.Evaluates),
        ["Pullback"] = new(FlowRole.Evaluates),
        ["Sample"] = new(FlowRole.Evaluates, ResultOnly: true),
        ["SampleBytes"] = new(FlowRole.Evaluates, ResultOnly: true, NeedsLevels: true),
        ["SampleWithLogProb"] = new(FlowRole.Evaluates, ResultOnly: true),
        ["Save"] = new(FlowRole.Neutral),
        ["Score"] = new(FlowRole.Evaluates, ResultOnly: true),
        ["Verify"] = new(FlowRole.Evaluates, ResultOnly: true),
    };

    /// <summary>The names, to be held against the runtime.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The member of a name, or null.</summary>
    public static FlowMember? Find(string name) => ByName.TryGetValue(name, out var member) ? member : null;
}
