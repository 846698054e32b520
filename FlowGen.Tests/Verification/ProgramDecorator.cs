using FlowGen.Kernels;

namespace FlowGen.Tests.Verification;

/// <summary>A program that does what another does; mutations override a part of it.</summary>
internal abstract class ProgramDecorator(IFlowProgram inner) : IFlowProgram
{
    public ProgramShape Shape => Inner.Shape;

    protected IFlowProgram Inner { get; } = inner;

    public LayerPlace Place(int layer) => Inner.Place(layer);

    public virtual void Prepare(ref Preparation preparation) => Inner.Prepare(ref preparation);

    public virtual void Forward(ref Tile tile, int first, int last) => Inner.Forward(ref tile, first, last);

    public virtual void Inverse(ref Tile tile, int first, int last) => Inner.Inverse(ref tile, first, last);

    public virtual void Backward(ref Tile tile, int layer) => Inner.Backward(ref tile, layer);

    public virtual void FinishGradient(ref GradientSums sums) => Inner.FinishGradient(ref sums);
}
