namespace FlowGen;

/// <summary>The order of scaling and shifting in an affine coupling.</summary>
public enum AffineForm
{
    /// <summary>z = x e^s + t (Real NVP, equation 8).</summary>
    ScaleThenShift,

    /// <summary>z = (x + t) e^s (the code of Real NVP and of Glow).</summary>
    ShiftThenScale,
}
