using System.Buffers;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// Products with a block triangular matrix on a tile whose rows are units and whose lanes are samples: a group of outputs for each coordinate,
/// which reads the groups of inputs of its own coordinate and of those on one side of it. Only these are stored and computed.
/// </summary>
/// <remarks>
/// Stored: the kept entries, row by row, in groups one after the other. Packed: each group as <see cref="DensePack.Blocks"/>, in the same places; the
/// transposed matrix likewise, whose triangle is the other one.
/// </remarks>
/// <param name="count">The number of coordinates.</param>
/// <param name="inputs">Inputs for each coordinate.</param>
/// <param name="outputs">Outputs for each coordinate.</param>
/// <param name="triangle">Which inputs are read.</param>
internal readonly struct TriangularProduct(int count, int inputs, int outputs, Triangle triangle)
{
    /// <summary>The kept entries.</summary>
    public int Size => inputs * outputs * (count * (count + 1) / 2);

    /// <summary>The inputs of one group of outputs.</summary>
    public int Depth(int group) => inputs * (triangle == Triangle.Lower ? group + 1 : count - group);

    /// <summary>The first input of one group of outputs.</summary>
    public int FirstInput(int group) => triangle == Triangle.Lower ? 0 : inputs * group;

    /// <summary>Where the entries of one group of outputs are.</summary>
    public int Start(int group) => triangle == Triangle.Lower
        ? inputs * outputs * (group * (group + 1) / 2)
        : inputs * outputs * ((group * count) - (group * (group - 1) / 2));

    /// <summary>Where the entry of an output and an input of the same coordinate is.</summary>
    public int Centre(int group, int output, int input) =>
        Start(group) + (output * Depth(group)) + (triangle == Triangle.Lower ? inputs * group : 0) + input;

    /// <summary>Where an entry is when packed: the one of an output and of an input of a coordinate that it reads.</summary>
    public int Packed(int group, int output, int from, int input) =>
        Start(group) + DensePack.Index(outputs, Depth(group), output, (from * inputs) - FirstInput(group) + input);

    /// <summary>The product with the transposed matrix.</summary>
    public TriangularProduct Transposed => new(count, outputs, inputs, triangle == Triangle.Lower ? Triangle.Upper : Triangle.Lower);

    /// <summary>Packs the stored entries for <see cref="Multiply"/>.</summary>
    public void Pack(ReadOnlySpan<float> entries, Span<float> packed)
    {
        for (int group = 0; group < count; group++)
        {
            int floats = outputs * Depth(group);
            DensePack.Blocks(entries.Slice(Start(group), floats), outputs, Depth(group), packed.Slice(Start(group), floats));
        }
    }

    /// <summary>Packs the stored entries for the product with the transposed matrix.</summary>
    public void PackTransposed(ReadOnlySpan<float> entries, Span<float> packed)
    {
        var other = Transposed;
        float[] matrix = ArrayPool<float>.Shared.Rent(inputs * outputs * count);
        for (int group = 0; group < count; group++)
        {
            int depth = other.Depth(group);
            for (int reader = 0; reader < depth / outputs; reader++)
            {
                int from = (other.FirstInput(group) / outputs) + reader;
                int column = (inputs * group) - FirstInput(from);
                for (int output = 0; output < outputs; output++)
                {
                    for (int input = 0; input < inputs; input++)
                    {
                        matrix[(input * depth) + (reader * outputs) + output] = entries[Start(from) + (output * Depth(from)) + column + input];
                    }
                }
            }

            DensePack.Blocks(matrix, inputs, depth, packed[other.Start(group)..]);
        }

        ArrayPool<float>.Shared.Return(matrix);
    }

    /// <summary>All groups of outputs.</summary>
    /// <param name="packed">The packed matrix.</param>
    /// <param name="side">What the finish reads: a bias for each output, or a block like the result.</param>
    /// <param name="right">The inputs <c>[count * inputs, lanes]</c>.</param>
    /// <param name="result">Receives the outputs <c>[count * outputs, lanes]</c>.</param>
    /// <param name="lanes">The lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply<V, TFinish>(ref float packed, ref float side, ref float right, ref float result, nint lanes)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        for (int group = 0; group < count; group++)
        {
            MultiplyGroup<V, TFinish>(group, ref packed, ref side, ref right, ref result, lanes);
        }
    }

    /// <summary>One group of outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyGroup<V, TFinish>(int group, ref float packed, ref float side, ref float right, ref float result, nint lanes)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        ref float here = ref Unsafe.Add(ref result, group * outputs * lanes);
        DenseProduct product = new()
        {
            Left = ref Unsafe.Add(ref packed, Start(group)),
            Right = ref Unsafe.Add(ref right, FirstInput(group) * lanes),
            Result = ref here,
            Side = ref Unsafe.Add(ref side, group * outputs * (TFinish.SideIsBlock ? lanes : 1)),
            Rows = outputs,
            Depth = Depth(group),
            RightStride = lanes,
            ResultStride = lanes,
            SideStride = TFinish.SideIsBlock ? lanes : 1,
        };
        DenseBlock.Multiply<V, TFinish>(ref product, (int)lanes);
    }

    /// <summary>gradient += upstream inputs^T, kept entries only, summed over the lanes.</summary>
    /// <param name="upstream">dL/doutputs <c>[count * outputs, lanes]</c>.</param>
    /// <param name="values">The inputs <c>[count * inputs, lanes]</c>.</param>
    /// <param name="lanes">The lanes.</param>
    /// <param name="turned">Scratch.</param>
    /// <param name="gradient">The gradient of the kept entries.</param>
    public void AddGradient<V>(ref float upstream, ref float values, nint lanes, ref float turned, ref float gradient)
        where V : struct, IVec<V>
    {
        for (int group = 0; group < count; group++)
        {
            DenseGradient.Weights<V>(
                ref Unsafe.Add(ref upstream, group * outputs * lanes), lanes, outputs,
                ref Unsafe.Add(ref values, FirstInput(group) * lanes), lanes, Depth(group), ref turned, ref Unsafe.Add(ref gradient, Start(group)));
        }
    }
}
