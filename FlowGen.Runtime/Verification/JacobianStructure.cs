using System.Collections;

namespace FlowGen.Verification;

/// <summary>
/// Where a Jacobian may be other than zero, brought to block triangular form: outputs are matched with inputs so that the diagonal may be nonzero,
/// and the strongly connected inputs form the blocks. The determinant is, up to its sign, the product of the determinants of the blocks.
/// </summary>
internal sealed class JacobianStructure
{
    private readonly BitArray[] byInput;
    private readonly int size;

    private JacobianStructure(BitArray[] byInput)
    {
        this.byInput = byInput;
        size = byInput.Length;
        Outputs = Match() ?? throw new ArgumentException("The claimed structure lets no Jacobian be invertible.", nameof(byInput));
        Blocks = FindBlocks();
        Groups = FindGroups();
    }

    /// <summary>The structure that a layer of a flow claims on a whole sample.</summary>
    /// <param name="layer">The layer, part of a flow.</param>
    /// <param name="size">The number of coordinates of a sample.</param>
    public static JacobianStructure Of(LayerDescription layer, int size)
    {
        var pattern = new BitArray[size];
        for (int input = 0; input < size; input++)
        {
            pattern[input] = new BitArray(size);
            for (int output = 0; output < size; output++)
            {
                pattern[input][output] = LayerOnEvent.MayDepend(layer, output, input);
            }
        }

        return new JacobianStructure(pattern);
    }

    /// <summary>The output matched with each input.</summary>
    public int[] Outputs { get; }

    /// <summary>The inputs of each block.</summary>
    public IReadOnlyList<int[]> Blocks { get; }

    /// <summary>Inputs that can be perturbed together: no entry of a block is touched by two of a group.</summary>
    public IReadOnlyList<int[]> Groups { get; }

    /// <summary>Whether the derivative of an output by an input may be other than zero.</summary>
    public bool MayDepend(int output, int input) => byInput[input][output];

    /// <summary>
    /// The structure of the inverse map: an input is determined by its matched output and by the other inputs that this output depends on.
    /// </summary>
    public JacobianStructure Inverse()
    {
        if (Array.TrueForAll(byInput, static outputs => outputs.HasAllSet()))
        {
            return this;
        }

        var inverse = new BitArray[size];
        for (int input = 0; input < size; input++)
        {
            inverse[input] = new BitArray(size);
        }

        for (int start = 0; start < size; start++)
        {
            var seen = new BitArray(size);
            var open = new Stack<int>([start]);
            seen[start] = true;
            while (open.TryPop(out int input))
            {
                inverse[Outputs[input]][start] = true;
                for (int next = 0; next < size; next++)
                {
                    if (!seen[next] && byInput[next][Outputs[input]])
                    {
                        seen[next] = true;
                        open.Push(next);
                    }
                }
            }
        }

        return new JacobianStructure(inverse);
    }

    /// <summary>Each input's own output where all may be nonzero; otherwise a matching by augmenting paths.</summary>
    private int[]? Match()
    {
        int[] inputOf = new int[size];
        Array.Fill(inputOf, -1);

        // An input keeps its match when others take its own output from it.
        var matched = new BitArray(size);
        for (int input = 0; input < size; input++)
        {
            if (byInput[input][input])
            {
                inputOf[input] = input;
                matched[input] = true;
            }
        }

        int[] outputs = new int[size];
        for (int input = 0; input < size; input++)
        {
            if (!matched[input] && !Augment(input, inputOf, new BitArray(size)))
            {
                return null;
            }
        }

        for (int output = 0; output < size; output++)
        {
            outputs[inputOf[output]] = output;
        }

        return outputs;
    }

    private bool Augment(int input, int[] inputOf, BitArray seen)
    {
        for (int output = 0; output < size; output++)
        {
            if (!byInput[input][output] || seen[output])
            {
                continue;
            }

            seen[output] = true;
            if (inputOf[output] < 0 || Augment(inputOf[output], inputOf, seen))
            {
                inputOf[output] = input;
                return true;
            }
        }

        return false;
    }

    /// <summary>Strongly connected components: inputs that reach each other over the outputs matched with them (Kosaraju).</summary>
    private List<int[]> FindBlocks()
    {
        var finished = new List<int>(size);
        var seen = new BitArray(size);
        for (int start = 0; start < size; start++)
        {
            Visit(start, seen, forwards: true, finished);
        }

        var blocks = new List<int[]>();
        seen.SetAll(false);
        for (int i = size - 1; i >= 0; i--)
        {
            var block = new List<int>();
            Visit(finished[i], seen, forwards: false, block);
            if (block.Count > 0)
            {
                blocks.Add([.. block]);
            }
        }

        return blocks;
    }

    private void Visit(int start, BitArray seen, bool forwards, List<int> finished)
    {
        if (seen[start])
        {
            return;
        }

        var path = new Stack<(int Input, int Next)>([(start, 0)]);
        seen[start] = true;
        while (path.TryPop(out var at))
        {
            int next = at.Next;
            while (next < size && (seen[next] || !(forwards ? byInput[next][Outputs[at.Input]] : byInput[at.Input][Outputs[next]])))
            {
                next++;
            }

            if (next == size)
            {
                finished.Add(at.Input);
                continue;
            }

            seen[next] = true;
            path.Push((at.Input, next + 1));
            path.Push((next, 0));
        }
    }

    private List<int[]> FindGroups()
    {
        var groups = new List<(List<int> Inputs, BitArray Needed, BitArray Touched)>();
        foreach (int[] block in Blocks)
        {
            var needed = new BitArray(size);
            foreach (int input in block)
            {
                needed[Outputs[input]] = true;
            }

            foreach (int input in block)
            {
                var group = groups.Find(group => !Meet(needed, group.Touched) && !Meet(byInput[input], group.Needed));
                if (group.Inputs is null)
                {
                    group = ([], new BitArray(size), new BitArray(size));
                    groups.Add(group);
                }

                group.Inputs.Add(input);
                _ = group.Needed.Or(needed);
                _ = group.Touched.Or(byInput[input]);
            }
        }

        return [.. groups.Select(static group => group.Inputs.ToArray())];
    }

    private static bool Meet(BitArray left, BitArray right) => new BitArray(left).And(right).HasAnySet();
}
