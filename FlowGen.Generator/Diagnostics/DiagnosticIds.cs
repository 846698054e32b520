namespace FlowGen.Generator.Diagnostics;

/// <summary>The rules' numbers: 1xxx declarations, 104x and 105x code that uses flows, 2xxx shapes and invertibility, 3xxx numerics. A number is never used again.</summary>
internal static class DiagnosticIds
{
    public const string FlowNotPartial = "FLOW1001";
    public const string ContainerNotPartial = "FLOW1002";
    public const string UnsupportedFlowType = "FLOW1003";
    public const string LayersSpread = "FLOW1004";
    public const string NoLayers = "FLOW1005";
    public const string MemberCollision = "FLOW1006";
    public const string ConstructorNotChained = "FLOW1007";
    public const string BaseNotConstructible = "FLOW1008";
    public const string TooFewDimensions = "FLOW1009";
    public const string NotAStep = "FLOW1010";
    public const string ForeignStep = "FLOW1011";
    public const string StepCycle = "FLOW1012";
    public const string CountOutOfRange = "FLOW1013";
    public const string StackTooLarge = "FLOW1014";
    public const string LayerWithoutFlow = "FLOW1015";
    public const string HiddenEnumeration = "FLOW1016";
    public const string UnknownLayer = "FLOW1017";
    public const string UndefinedOption = "FLOW1018";

    // How flows are used.
    public const string NotInitialized = "FLOW1040";
    public const string LengthMismatch = "FLOW1041";
    public const string ForeignLatent = "FLOW1042";
    public const string ArgumentOutOfRange = "FLOW1043";
    public const string ResultIgnored = "FLOW1044";
    public const string WrongSpace = "FLOW1045";
    public const string InitializedAgain = "FLOW1046";
    public const string NoLevels = "FLOW1047";
    public const string BatchOfOne = "FLOW1048";
    public const string TemperatureOfDataVolume = "FLOW1049";

    public const string CouplingNeedsTwo = "FLOW2001";
    public const string WidthTooSmall = "FLOW2002";
    public const string ResidualWidthsDiffer = "FLOW2003";
    public const string NotAPermutation = "FLOW2004";
    public const string NotInjective = "FLOW2005";
    public const string IdentityLayer = "FLOW2006";
    public const string LogitMargin = "FLOW2007";
    public const string DequantizeNotFirst = "FLOW2008";
    public const string BinsOutOfRange = "FLOW2009";
    public const string BatchNormOption = "FLOW2010";
    public const string ScaleFloor = "FLOW2011";
    public const string Untransformed = "FLOW2020";
    public const string SamePartition = "FLOW2021";
    public const string VolumePreserving = "FLOW2022";
    public const string IncompleteMixing = "FLOW2023";
    public const string RangeOfLastLayers = "FLOW2024";
    public const string ConvolutionNeedsImage = "FLOW2045";
    public const string ConvolutionWidths = "FLOW2046";
    public const string BlockCount = "FLOW2047";
    public const string CheckerboardNeedsConvolution = "FLOW2048";

    public const string WrongDomain = "FLOW2030";
    public const string PartitionOfOtherShape = "FLOW2031";
    public const string PartitionLeavesNothing = "FLOW2032";
    public const string OddSqueeze = "FLOW2033";
    public const string UnsqueezeChannels = "FLOW2034";
    public const string LearnedSplitPrior = "FLOW2035";
    public const string SplitUntouched = "FLOW2036";
    public const string KernelWithoutCentre = "FLOW2050";
    public const string NoPaths = "FLOW2051";
    public const string ActivationNotSmooth = "FLOW2052";
    public const string ActivationFalls = "FLOW2053";
    public const string SameTriangle = "FLOW2054";
    public const string SameTriangleOfVector = "FLOW2055";
    public const string PairOfTwoOrders = "FLOW2056";
    public const string PairDivided = "FLOW2057";
    public const string LinearMint = "FLOW2058";
    public const string KinkAfterMaskedConv = "FLOW2059";
    public const string OneTriangle = "FLOW2060";
    public const string TrianglesOfSum = "FLOW2061";
    public const string WeightOfSum = "FLOW2062";
    public const string DiagonalOfSum = "FLOW2063";
    public const string NotInSum = "FLOW2064";
    public const string FunctionNotFound = "FLOW2080";
    public const string FunctionSignature = "FLOW2081";
    public const string FunctionNotUnderstood = "FLOW2082";
    public const string DerivativeChangesSign = "FLOW2083";
    public const string DerivativeReachesZero = "FLOW2084";
    public const string DerivativeMayReachZero = "FLOW2085";
    public const string FunctionNotDifferentiable = "FLOW2086";
    public const string FunctionNotContinuous = "FLOW2087";
    public const string FunctionUndefined = "FLOW2088";
    public const string FunctionNotProvable = "FLOW2089";

    public const string LogitDomain = "FLOW2100";

    public const string UnboundedScale = "FLOW3001";
    public const string ScaleWithoutFloor = "FLOW3030";
    public const string LargeDenseMatrix = "FLOW3031";
    public const string OffCentreData = "FLOW3032";
}
