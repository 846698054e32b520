using FlowGen.Samples.Data;
using FlowGen.Samples.Flows;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>A trained model on disk: the weights, and beside them the declaration of the flow.</summary>
internal static class ModelFiles
{
    /// <summary>Where the declaration of some weights lies.</summary>
    public static string DeclarationOf(string weights) => Path.ChangeExtension(weights, ".cs");

    /// <summary>Where the weights of a model lie if nothing else is said.</summary>
    public static string DefaultPath(string directory, string name) => Path.Combine(directory, name + ".safetensors");

    /// <summary>Writes both files.</summary>
    public static void Save(IFlow flow, FlowDeclaration declaration, string weights)
    {
        flow.Save(weights);
        File.WriteAllText(DeclarationOf(weights), declaration.Source);
        AnsiConsole.WriteLine($"wrote {weights}");
        AnsiConsole.WriteLine($"wrote {DeclarationOf(weights)}");
    }

    /// <summary>Compiles the declaration and loads the weights.</summary>
    /// <exception cref="SampleException">A file is missing, or the two do not fit.</exception>
    public static IFlow Load(string weights, CancellationToken cancellation)
    {
        if (!File.Exists(weights))
        {
            throw new SampleException($"There is no model {weights}. Train one first: see train --help; or name another with --model.");
        }

        var flow = FlowCompiler.Compile(FlowDeclaration.Read(DeclarationOf(weights)), warn: null, cancellation)(0);
        flow.Load(weights);
        return flow;
    }

    /// <summary>The number of coordinates of a flow's samples.</summary>
    public static int Dimensions(IFlow flow) => flow.Engine.Description.EventShape.Size;

    /// <summary>Makes sure that a flow and data fit.</summary>
    /// <exception cref="SampleException">They do not.</exception>
    public static void RequireFit(IFlow flow, NumericTable data)
    {
        int size = Dimensions(flow);
        if (size != data.Columns.Count)
        {
            throw new SampleException($"{data.Name} has {data.Columns.Count} columns ({string.Join(", ", data.Columns)}), but the flow takes {size}. Choose with --columns those that it was trained on.");
        }
    }
}
