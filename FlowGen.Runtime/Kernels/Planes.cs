using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowGen.Kernels;

/// <summary>Moves the channels of an image between rows of a tile and the planes of convolutions.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Planes
{
    /// <summary>Planes of the work area = rows of the tile, with zeros around them and at the pixels that are left out.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="shape">The planes.</param>
    /// <param name="rows">The channels.</param>
    /// <param name="to">Where the planes start in the work area, in floats.</param>
    /// <param name="pixels">The pixels that are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Load(ref Tile t, PlaneShape shape, Rows rows, int to, PixelSet pixels = PixelSet.All)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Fill(shape, rows.Count, ref rows.Values(ref t), rows.Stride(ref t), ref Unsafe.Add(ref t.Work, to), pixels);
    }

    /// <summary>The gradient of rows += that of the planes that were loaded from them.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="shape">The planes.</param>
    /// <param name="rows">The channels.</param>
    /// <param name="from">Where the planes start in the work area, in floats.</param>
    /// <param name="pixels">The pixels that were read.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddGradient(ref Tile t, PlaneShape shape, Rows rows, int from, PixelSet pixels = PixelSet.All)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ref float plane = ref Unsafe.Add(ref t.GradWork, from + shape.Lead);
        ref float row = ref rows.Gradients(ref t);
        nint stride = rows.Stride(ref t);
        for (int i = 0; i < rows.Count; i++)
        {
            if (pixels != PixelSet.All)
            {
                And(ref plane, ref shape.Mask(pixels), shape.Lanes);
            }

            ref float from1 = ref plane;
            ref float to1 = ref row;
            for (int y = 0; y < shape.Height; y++)
            {
                AddRow(ref from1, ref to1, shape.Width);
                from1 = ref Unsafe.Add(ref from1, shape.Stride);
                to1 = ref Unsafe.Add(ref to1, shape.Width);
            }

            plane = ref Unsafe.Add(ref plane, shape.Size);
            row = ref Unsafe.Add(ref row, stride);
        }
    }

    /// <summary>Planes at <paramref name="to"/> = activation of planes at <paramref name="from"/>, which may be the same, zero at borders.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="shape">The planes.</param>
    /// <param name="count">The number of planes.</param>
    /// <param name="from">Where the planes start in the work area, in floats.</param>
    /// <param name="to">Where the results start in the work area, in floats.</param>
    /// <param name="activation">The activation.</param>
    public static void Activate(ref Tile t, PlaneShape shape, int count, int from, int to, Activation activation)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Activate(shape, count, ref Unsafe.Add(ref t.Work, from), ref Unsafe.Add(ref t.Work, to), activation);
    }

    /// <summary>Planes at <paramref name="to"/> = planes at <paramref name="from"/>, borders included.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="shape">The planes.</param>
    /// <param name="count">The number of planes.</param>
    /// <param name="from">Where the planes start in the work area, in floats.</param>
    /// <param name="to">Where the copies start in the work area, in floats.</param>
    public static void Copy(ref Tile t, PlaneShape shape, int count, int from, int to)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RowCopy.Copy(ref Unsafe.Add(ref t.Work, from), ref Unsafe.Add(ref t.Work, to), shape.Floats(count));
    }

    /// <summary>Gradient planes at <paramref name="to"/> = the sum of those at <paramref name="first"/> and at <paramref name="second"/>, borders included.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="shape">The planes.</param>
    /// <param name="count">The number of planes.</param>
    /// <param name="first">Where the first term starts in the work area, in floats.</param>
    /// <param name="second">Where the second term starts in the work area, in floats.</param>
    /// <param name="to">Where the sum starts in the work area, in floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumGradients(ref Tile t, PlaneShape shape, int count, int first, int second, int to)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int floats = shape.Floats(count);
        ref float a = ref Unsafe.Add(ref t.GradWork, first);
        ref float b = ref Unsafe.Add(ref t.GradWork, second);
        ref float sum = ref Unsafe.Add(ref t.GradWork, to);
        for (nint i = 0; i < floats; i += 8)
        {
            (Vector256.LoadUnsafe(ref a, (nuint)i) + Vector256.LoadUnsafe(ref b, (nuint)i)).StoreUnsafe(ref sum, (nuint)i);
        }
    }

    /// <summary>Planes of the work area's gradient = the gradient of the first work rows, with zeros around them.</summary>
    internal static void LoadGradient(ref Tile t, PlaneShape shape, int count, int to) =>
        Fill(shape, count, ref t.GradWork, t.Lanes, ref Unsafe.Add(ref t.GradWork, to), PixelSet.All);

    /// <summary>Planes with their borders = rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Fill(PlaneShape shape, int count, ref float rows, nint stride, ref float planes, PixelSet pixels)
    {
        MemoryMarshal.CreateSpan(ref planes, shape.Floats(count)).Clear();
        ref float plane = ref Unsafe.Add(ref planes, shape.Lead);
        for (int i = 0; i < count; i++)
        {
            ref float from = ref rows;
            ref float to = ref plane;
            for (int y = 0; y < shape.Height; y++)
            {
                CopyRow(ref from, ref to, shape.Width);
                from = ref Unsafe.Add(ref from, shape.Width);
                to = ref Unsafe.Add(ref to, shape.Stride);
            }

            if (pixels != PixelSet.All)
            {
                And(ref plane, ref shape.Mask(pixels), shape.Lanes);
            }

            rows = ref Unsafe.Add(ref rows, stride);
            plane = ref Unsafe.Add(ref plane, shape.Size);
        }
    }

    /// <summary>Rows = planes without their borders, and zeros up to <paramref name="stride"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Read(PlaneShape shape, int count, ref float planes, ref float rows, nint stride)
    {
        int pixels = shape.Height * shape.Width;
        ReadPixels(shape, count, ref Unsafe.Add(ref planes, shape.Lead), ref rows, stride, 0, shape.Height);
        for (nint i = 0; i < count; i++)
        {
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, (i * stride) + pixels), (int)stride - pixels).Clear();
        }
    }

    /// <summary>Rows = some rows of pixels of planes, the first of which starts at its first pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ReadPixels(PlaneShape shape, int count, ref float planes, ref float rows, nint stride, int firstRow, int behindRow)
    {
        ref float plane = ref Unsafe.Add(ref planes, firstRow * shape.Stride);
        ref float row = ref Unsafe.Add(ref rows, firstRow * shape.Width);
        for (int i = 0; i < count; i++)
        {
            ref float from = ref plane;
            ref float to = ref row;
            for (int y = firstRow; y < behindRow; y++)
            {
                CopyRow(ref from, ref to, shape.Width);
                from = ref Unsafe.Add(ref from, shape.Stride);
                to = ref Unsafe.Add(ref to, shape.Width);
            }

            row = ref Unsafe.Add(ref row, stride);
            plane = ref Unsafe.Add(ref plane, shape.Size);
        }
    }

    /// <summary>Activates planes; their borders, zero before, are zero after.</summary>
    internal static void Activate(PlaneShape shape, int count, ref float from, ref float to, Activation activation)
    {
        ActivatePixels(shape, 0, count, ref from, ref to, activation);
        ClearActivatedBorders(shape, count, ref from, ref to, activation);
    }

    /// <summary>Activates a few planes, and whatever is at the borders between their rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ActivatePixels(PlaneShape shape, int first, int count, ref float from, ref float to, Activation activation)
    {
        nint place = shape.Lead + (first * (nint)shape.Size);
        for (int plane = 0; plane < count; plane++)
        {
            ActivationKernels.Apply(activation, ref Unsafe.Add(ref from, place), ref Unsafe.Add(ref to, place), shape.Lanes);
            place += shape.Size;
        }
    }

    /// <summary>After <see cref="ActivatePixels"/> of all planes: zeros around them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ClearActivatedBorders(PlaneShape shape, int count, ref float from, ref float to, Activation activation)
    {
        if (!Unsafe.AreSame(ref from, ref to) || activation is Activation.Sigmoid or Activation.Softplus)
        {
            // Zero is not where these two leave it, and borders of other planes are whatever was there.
            shape.ClearBorders(ref to, count);
        }

        if (activation is Activation.Sigmoid or Activation.Softplus)
        {
            ref float target = ref Unsafe.Add(ref to, shape.Lead);
            for (int plane = 0; plane < count; plane++)
            {
                And(ref target, ref shape.PixelMask, shape.Lanes);
                target = ref Unsafe.Add(ref target, shape.Size);
            }
        }
    }

    /// <summary>Multiplies gradient planes by the derivative; zeros at their borders stay.</summary>
    internal static void MultiplyByDerivative(PlaneShape shape, int count, ref float values, ref float gradient, Activation activation) =>
        ActivationKernels.MultiplyByDerivative(
            activation,
            ref Unsafe.Add(ref values, shape.Lead),
            ref Unsafe.Add(ref gradient, shape.Lead),
            ((count - 1) * (nint)shape.Size) + shape.Lanes);

    // Rows are short: a call for each would cost more than the copy. What is left at an end is part of a vector that overlaps the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(ref float from, ref float to, nint count)
    {
        nint i = 0;
        if (Vector512.IsHardwareAccelerated && count >= 16)
        {
            for (; i < count - 16; i += 16)
            {
                Vector512.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
            }

            Vector512.LoadUnsafe(ref from, (nuint)(count - 16)).StoreUnsafe(ref to, (nuint)(count - 16));
        }
        else if (count >= 8)
        {
            for (; i < count - 8; i += 8)
            {
                Vector256.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
            }

            Vector256.LoadUnsafe(ref from, (nuint)(count - 8)).StoreUnsafe(ref to, (nuint)(count - 8));
        }
        else if (count >= 4)
        {
            Vector128.LoadUnsafe(ref from).StoreUnsafe(ref to);
            Vector128.LoadUnsafe(ref from, (nuint)(count - 4)).StoreUnsafe(ref to, (nuint)(count - 4));
        }
        else
        {
            for (; i < count; i++)
            {
                Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(ref float from, ref float to, nint count)
    {
        nint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= count - 16; i += 16)
            {
                (Vector512.LoadUnsafe(ref to, (nuint)i) + Vector512.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i <= count - 4; i += 4)
        {
            (Vector128.LoadUnsafe(ref to, (nuint)i) + Vector128.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < count; i++)
        {
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void And(ref float values, ref float mask, nint lanes)
    {
        for (nint i = 0; i < lanes; i += 4)
        {
            (Vector128.LoadUnsafe(ref values, (nuint)i) & Vector128.LoadUnsafe(ref mask, (nuint)i)).StoreUnsafe(ref values, (nuint)i);
        }
    }
}
