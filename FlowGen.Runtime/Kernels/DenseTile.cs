using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The dense layer on tiles of whole vectors of samples, and its gradients.</summary>
internal static class DenseTile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward<V>(ref Tile t, Rows input, int weights, int outputs, int to, ref float matrix, Activation activation, int preActivation)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        ref float bias = ref Unsafe.Add(ref t.Weights, weights);
        ref float y = ref Unsafe.Add(ref t.Work, to * lanes);
        DenseProduct product = new()
        {
            Left = ref matrix,
            LeftRow = input.Count,
            LeftColumn = 1,
            Right = ref input.Values(ref t),
            Result = ref y,
            Side = ref bias,
            Rows = outputs,
            Depth = input.Count,
            RightStride = input.Stride(ref t),
            ResultStride = lanes,
            SideStride = 1,
        };

        if (preActivation < 0 && activation == Activation.Relu)
        {
            Multiply<V, BiasReluFinish>(ref product, t.Lanes);
            return;
        }

        ref float pre = ref preActivation < 0 ? ref y : ref Unsafe.Add(ref t.Work, preActivation * lanes);
        product.Result = ref pre;
        Multiply<V, BiasSumFinish>(ref product, t.Lanes);
        if (preActivation >= 0 || activation != Activation.Identity)
        {
            ActivationKernels.Apply(activation, ref pre, ref y, outputs * lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward<V>(
        ref Tile t,
        Rows input,
        int weights,
        int outputs,
        int from,
        int parameters,
        Activation inputActivation,
        int inputPreActivation,
        bool accumulate)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        ref float upstream = ref Unsafe.Add(ref t.GradWork, from * lanes);
        ref float values = ref input.Values(ref t);
        ref float gradient = ref Unsafe.Add(ref t.Gradient, parameters);

        LaneSums.AddRows<V>(ref upstream, lanes, lanes, outputs, ref Unsafe.Add(ref gradient, outputs * (nint)input.Count));
        DenseGradient.Weights<V>(ref upstream, lanes, outputs, ref values, input.Stride(ref t), input.Count, ref t.Turned, ref gradient);

        ref float downstream = ref input.Gradients(ref t);
        bool isStored = input.IsWork && !accumulate;
        if (isStored && DenseSparseGradient.PaysForInputs<V>(ref t, ref upstream, outputs, input.Count))
        {
            DenseSparseGradient.Inputs<V>(ref t, ref upstream, weights, outputs, parameters, input.Count, ref downstream);
        }
        else if (DenseTransposed.HasRuns(outputs, input.Count))
        {
            // What x was turned over to has been read.
            ref float result = ref isStored ? ref downstream : ref t.Turned;
            DenseTransposed.Multiply<V>(ref Unsafe.Add(ref t.Parameters, parameters), outputs, input.Count, ref upstream, t.Lanes, ref result);
            for (nint row = 0; !isStored && row < input.Count; row++)
            {
                DenseGradient.AddPart<V>(ref Unsafe.Add(ref result, row * lanes), ref Unsafe.Add(ref downstream, row * input.Stride(ref t)), lanes);
            }
        }
        else
        {
            scoped DenseProduct product = DenseTransposed.Product(ref Unsafe.Add(ref t.Parameters, parameters), outputs, input.Count, ref upstream, t.Lanes, ref downstream, input.Stride(ref t));
            product.Side = ref values;
            product.SideStride = input.Stride(ref t);
            if (!isStored)
            {
                DenseBlock.Multiply<V, AddFinish>(ref product, t.Lanes);
            }
            else if (inputActivation == Activation.Relu)
            {
                DenseBlock.Multiply<V, ReluGradientFinish>(ref product, t.Lanes);
                return;
            }
            else
            {
                DenseBlock.Multiply<V, StoreFinish>(ref product, t.Lanes);
            }
        }

        if (isStored && inputActivation == Activation.Relu)
        {
            for (nint at = 0; at < input.Count * lanes; at += V.Count)
            {
                ReluGradientFinish.Finish(V.Load(ref downstream, at), ref downstream, ref values, at);
            }
        }
        else if (input.IsWork)
        {
            MultiplyByDerivative(ref t, input, inputActivation, inputPreActivation);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyByDerivative(ref Tile t, Rows input, Activation activation, int preActivation)
    {
        if (activation != Activation.Identity)
        {
            ref float argument = ref preActivation < 0 ? ref input.Values(ref t) : ref Unsafe.Add(ref t.Work, preActivation * (nint)t.Lanes);
            ActivationKernels.MultiplyByDerivative(activation, ref argument, ref input.Gradients(ref t), input.Count * (nint)t.Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<V, TFinish>(scoped ref DenseProduct product, int lanes)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        if (DenseSplit.Applies(product.Rows, product.Depth))
        {
            DenseSplit.Multiply<V, TFinish>(ref product, lanes);
        }
        else
        {
            DenseBlock.Multiply<V, TFinish>(ref product, lanes);
        }
    }
}
