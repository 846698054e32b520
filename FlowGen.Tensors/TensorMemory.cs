using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FlowGen.Tensors;

/// <summary>Tensors as the row-major spans that flows work on: the memory itself where it lies so, a copy where it does not.</summary>
internal static class TensorMemory
{
    /// <summary>Asserts that a tensor holds samples: the first dimension counts them, the others together are the coordinates of one.</summary>
    /// <returns>N.</returns>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static int CountSamples(IFlow flow, ReadOnlySpan<nint> lengths, string name)
    {
        var description = flow.Engine.Description;
        nint size = 1;
        for (int i = 1; i < lengths.Length; i++)
        {
            size *= lengths[i];
        }

        return lengths.Length >= 2 && size == description.EventShape.Size
            ? checked((int)lengths[0])
            : throw new ArgumentException($"{description.Name} takes samples of shape {description.EventShape}, N of them as the first dimension; {name} is {Text(lengths)}.", name);
    }

    /// <summary>Asserts that a tensor holds one number for each sample, or nothing where it may.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void CheckOnePerSample(ReadOnlySpan<nint> lengths, nint total, int samples, string name, bool mayBeEmpty = false)
    {
        if (total != samples && !(mayBeEmpty && total == 0))
        {
            throw new ArgumentException($"There are {samples} samples, and {name} is {Text(lengths)}: one number for each was expected.", name);
        }
    }

    /// <summary>Asserts that a tensor has as many samples as another.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void CheckSameCount(IFlow flow, ReadOnlySpan<nint> lengths, int samples, string name)
    {
        int count = CountSamples(flow, lengths, name);
        if (count != samples)
        {
            throw new ArgumentException($"There are {samples} samples, and {name} has room for {count}.", name);
        }
    }

    /// <summary>The elements in row-major order: the tensor's own memory, or a copy.</summary>
    public static ReadOnlySpan<float> Read(scoped in ReadOnlyTensorSpan<float> tensor)
    {
        if (IsRowMajor(tensor.Lengths, tensor.Strides))
        {
            return MemoryMarshal.CreateReadOnlySpan(in tensor.GetPinnableReference(), checked((int)tensor.FlattenedLength));
        }

        float[] copy = new float[tensor.FlattenedLength];
        tensor.FlattenTo(copy);
        return copy;
    }

    /// <summary>Room for the elements in row-major order: the tensor's own memory, or an array to be given to <see cref="Return"/>.</summary>
    public static Span<float> Rent(scoped in TensorSpan<float> tensor) => IsRowMajor(tensor.Lengths, tensor.Strides)
        ? MemoryMarshal.CreateSpan(ref tensor.GetPinnableReference(), checked((int)tensor.FlattenedLength))
        : new float[tensor.FlattenedLength];

    /// <summary>Puts results where they belong, unless they are there already.</summary>
    public static void Return(ReadOnlySpan<float> results, scoped in TensorSpan<float> tensor)
    {
        if (!IsRowMajor(tensor.Lengths, tensor.Strides))
        {
            new ReadOnlyTensorSpan<float>(results, tensor.Lengths).CopyTo(tensor);
        }
    }

    /// <summary>Whether neighbours in row-major order are neighbours in memory. A dimension of one element has no stride that matters.</summary>
    private static bool IsRowMajor(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides)
    {
        nint expected = 1;
        for (int i = lengths.Length - 1; i >= 0; i--)
        {
            if (lengths[i] > 1 && strides[i] != expected)
            {
                return lengths.Contains(0);
            }

            expected *= lengths[i];
        }

        return true;
    }

    private static string Text(ReadOnlySpan<nint> lengths) => $"[{string.Join(", ", lengths.ToArray())}]";
}
