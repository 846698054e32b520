using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>The coordinates that a partition changes, one by one.</summary>
internal static class PartitionPositions
{
    /// <summary>The positions in the flat sample.</summary>
    public static List<int> Changed(Partition partition, EventShape shape)
    {
        var positions = new List<int>();
        var rows = CoordinateRows.Changed(partition, shape.Channels);
        for (int n = 0; n < rows.Count; n++)
        {
            int first = (rows.Start + (n * rows.Step)) * shape.Pixels;
            for (int pixel = 0; pixel < shape.Pixels; pixel++)
            {
                int parity = ((pixel / shape.Width) + (pixel % shape.Width)) % 2;
                if (partition is not (Partition.EvenPixels or Partition.OddPixels) || parity == (partition == Partition.OddPixels ? 1 : 0))
                {
                    positions.Add(first + pixel);
                }
            }
        }

        return positions;
    }
}
