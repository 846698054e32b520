namespace FlowGen.Samples.Data;

/// <summary>How well a score tells two groups apart.</summary>
internal static class RocCurve
{
    /// <summary>
    /// The area under the receiver operating characteristic: the chance that a member of the one group scores higher than a member of the other, ties counted half
    /// (Mann and Whitney). 1 is perfect, one half is guessing.
    /// </summary>
    /// <param name="higher">The scores of the group that should score higher.</param>
    /// <param name="lower">The scores of the other.</param>
    /// <returns>The area; NaN where a group is empty.</returns>
    public static double Area(IEnumerable<double> higher, IEnumerable<double> lower)
    {
        var scores = higher.Select(static score => (Score: score, Higher: true)).Concat(lower.Select(static score => (Score: score, Higher: false))).OrderBy(static s => s.Score).ToList();
        double below = 0;
        double wins = 0;
        for (int first = 0; first < scores.Count;)
        {
            int end = first;
            int highs = 0;
            while (end < scores.Count && scores[end].Score.Equals(scores[first].Score))
            {
                highs += scores[end++].Higher ? 1 : 0;
            }

            int lows = end - first - highs;
            wins += highs * (below + (lows / 2.0));
            below += lows;
            first = end;
        }

        return wins / (below * (scores.Count - below));
    }
}
