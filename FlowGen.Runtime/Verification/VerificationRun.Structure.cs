using FlowGen.Random;

namespace FlowGen.Verification;

// Zeros of the Jacobian that are exact in single precision.
internal sealed partial class VerificationRun
{
    private const float Nudge = 1f / 16;
    private const int NudgedSamples = 4;

    /// <summary>Changes one input of the compiled code at a time: outputs that may not depend on it keep every bit, in both directions.</summary>
    private void CheckStructure(LayerDescription layer, float[] x, float[] z, int[] chosen)
    {
        var tally = new CheckTally(layer, layer.Kind, VerificationCheck.Structure);
        int[] coordinates = Draw(new ParameterRandom(options.Seed, layer.Index), options.Coordinates, size);
        int count = Math.Min(NudgedSamples, chosen.Length);
        foreach (int input in coordinates)
        {
            CheckNudge(tally, layer, StructureOf(layer.Index, inverse: false), x, inverse: false, input, count, chosen);
            if (!layer.InvertsByIteration)
            {
                CheckNudge(tally, layer, StructureOf(layer.Index, inverse: true), z, inverse: true, input, count, chosen);
            }
        }

        rows.Add(tally.ToRow());
    }

    private void CheckNudge(CheckTally tally, LayerDescription layer, JacobianStructure structure, float[] source, bool inverse, int input, int count, int[] chosen)
    {
        float[] before = source[..(count * size)];
        float[] nudged = (float[])before.Clone();
        for (int row = 0; row < count; row++)
        {
            ref float value = ref nudged[(row * size) + input];
            value += Nudge * Math.Max(1, Math.Abs(value));
        }

        engine.Run(before, before, new float[count], layer.Index, layer.Index + 1, inverse);
        engine.Run(nudged, nudged, new float[count], layer.Index, layer.Index + 1, inverse);
        for (int row = 0; row < count; row++)
        {
            for (int output = 0; output < size; output++)
            {
                if (structure.MayDepend(output, input))
                {
                    tally.Add(0, 0, default);
                    continue;
                }

                int at = (row * size) + output;
                tally.Identical(nudged[at], before[at], new CheckPlace(chosen[row], $"{(inverse ? "x" : "z")}[{output}] by {(inverse ? "z" : "x")}", input));
            }
        }
    }
}
