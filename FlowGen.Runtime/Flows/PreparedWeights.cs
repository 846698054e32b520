using System.Runtime.CompilerServices;
using FlowGen.Kernels;

namespace FlowGen;

/// <summary>What depends on parameters only, kept per parameter version, in the forms that were asked for.</summary>
internal sealed unsafe class PreparedWeights(FlowParameters parameters, IFlowProgram program)
{
    private readonly Form?[] forms = new Form?[3];
    private readonly Lock[] gates = [new(), new(), new()];

    /// <summary>The weights in a form, current.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float* Get(WeightForm form)
    {
        var ready = Volatile.Read(ref forms[(int)form]);
        return ready is not null && Volatile.Read(ref ready.Version) == parameters.Version ? ready.Start : Refresh(form);
    }

    /// <summary>Whether the next use of a form computes nothing.</summary>
    public bool IsCurrent(WeightForm form) => Volatile.Read(ref forms[(int)form]) is { } ready && Volatile.Read(ref ready.Version) == parameters.Version;

    /// <summary>Makes the next use compute the weights again, after something wrote into them.</summary>
    public void Invalidate()
    {
        foreach (var form in forms)
        {
            if (form is not null)
            {
                Volatile.Write(ref form.Version, 0);
            }
        }
    }

    private float* Refresh(WeightForm which)
    {
        lock (gates[(int)which])
        {
            var form = forms[(int)which] ?? new Form(program.Shape.Weights);
            long version = parameters.Version;
            if (form.Version != version)
            {
                var preparation = new Preparation
                {
                    Parameters = parameters.MutableTrainables,
                    Buffers = parameters.MutableBuffers,
                    Prepared = new Span<float>(form.Start, program.Shape.Weights),
                    Form = which,
                };
                program.Prepare(ref preparation);
                Volatile.Write(ref form.Version, version);
                Volatile.Write(ref forms[(int)which], form);
            }

            return form.Start;
        }
    }

    private sealed class Form
    {
        public long Version;
        private readonly float[] memory;

        public Form(int floats)
        {
            // Kernels may read a vector past the last weight.
            memory = GC.AllocateArray<float>(floats + 64, pinned: true);
            fixed (float* first = memory)
            {
                Start = (float*)(((nuint)first + 63) & ~(nuint)63);
            }
        }

        public float* Start { get; }
    }
}
