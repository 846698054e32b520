using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>Writes copies and steps out.</summary>
internal static class StackExpansion
{
    /// <summary>The number of layers of the expanded stack, or a number above every limit.</summary>
    public static long Count(EquatableArray<StackItem> stack)
    {
        long count = 0;
        foreach (var item in stack)
        {
            long once = item switch { RepeatItem step => Count(step.Items), SumItem sum => 1 + Count(sum.First.Items) + Count(sum.Second.Items), GroupItem group => group.Layers.Count, _ => 1 };
            count = Math.Min(count + Math.Min(once * item.Times, int.MaxValue), int.MaxValue);
        }

        return count;
    }

    /// <summary>The expanded stack.</summary>
    public static List<ExpandedLayer> Expand(EquatableArray<StackItem> stack)
    {
        var layers = new List<ExpandedLayer>();
        for (int i = 0; i < stack.Count; i++)
        {
            Add(stack[i], i, layers);
        }

        return layers;
    }

    private static void Add(StackItem item, int origin, List<ExpandedLayer> layers)
    {
        for (int copy = 0; copy < item.Times; copy++)
        {
            if (item is LayerItem single)
            {
                layers.Add(new ExpandedLayer(single.Layer, copy, origin));
                continue;
            }

            if (item is GroupItem group)
            {
                layers.AddRange(group.Layers.Select(layer => new ExpandedLayer(layer, copy, origin)));
                continue;
            }

            if (item is SumItem sum)
            {
                layers.Add(new ExpandedLayer(SumLayer.Of(sum), copy, origin));
                continue;
            }

            foreach (var inner in ((RepeatItem)item).Items)
            {
                Add(inner, origin, layers);
            }
        }
    }
}
