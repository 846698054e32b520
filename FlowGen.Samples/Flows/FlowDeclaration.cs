using System.Globalization;
using System.Text;
using FlowGen.Samples.Data;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.Samples.Flows;

/// <summary>The source text of a flow: classes that hold attributes and nothing else.</summary>
internal sealed class FlowDeclaration
{
    private FlowDeclaration(string path, string source, string className)
    {
        Path = path;
        Source = source;
        ClassName = className;
    }

    /// <summary>The file that it was read from, or is to be called.</summary>
    public string Path { get; }

    /// <summary>The C# text.</summary>
    public string Source { get; }

    /// <summary>The full name of the class with the <c>[Flow]</c> attribute.</summary>
    public string ClassName { get; }

    /// <summary>Writes a declaration that suits data of any number of coordinates: the ten lines that one would write by hand.</summary>
    /// <param name="name">What the data are called; becomes the class's name.</param>
    /// <param name="dimensions">The number of coordinates.</param>
    /// <param name="couplings">The number of affine couplings.</param>
    /// <param name="hidden">The widths of the conditioners' hidden layers.</param>
    /// <param name="activation">The activation in the conditioners.</param>
    public static FlowDeclaration Write(string name, int dimensions, int couplings, IReadOnlyList<int> hidden, Activation activation)
    {
        string className = ToClassName(name);
        string options = string.Join(", ", hidden.Select(static width => width.ToString(CultureInfo.InvariantCulture)).Append($"Activation = Activation.{activation}"));
        var text = new StringBuilder("using FlowGen;\n\n");
        text.Append(CultureInfo.InvariantCulture, $"[Flow({dimensions})]\n[Standardize]\n");
        switch (dimensions)
        {
            case 1:
                // There is nothing to condition on: what is left is a normal distribution with learned mean and deviation.
                text.Append(CultureInfo.InvariantCulture, $"[ActNorm]\npublic sealed partial class {className};\n");
                break;
            case 2:
                text.Append(CultureInfo.InvariantCulture, $"[AffineCoupling({options}, Times = {couplings})]\npublic sealed partial class {className};\n");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"[Repeat<{className}Step>({couplings})]\npublic sealed partial class {className};\n\n");
                text.Append(CultureInfo.InvariantCulture, $"[FlowStep]\n[ActNorm, InvertibleLinear, AffineCoupling({options})]\npublic sealed partial class {className}Step;\n");
                break;
        }

        return new FlowDeclaration($"{className}.cs", text.ToString(), className);
    }

    /// <summary>Reads a declaration and makes sure that compiling and running it runs nothing but generated code.</summary>
    /// <exception cref="SampleException">The file cannot be read, holds no flow or several, or more than attributes on empty classes.</exception>
    public static FlowDeclaration Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"Cannot read {path}: {(File.Exists(path) || Directory.Exists(path) ? e.Message : "there is no such file")}", e);
        }
    }

    /// <summary>Takes source text; the path is for messages.</summary>
    /// <exception cref="SampleException">It holds no flow or several, or more than attributes on empty classes.</exception>
    public static FlowDeclaration Parse(string path, string source)
    {
        var root = CSharpSyntaxTree.ParseText(source).GetCompilationUnitRoot();
        var error = root.GetDiagnostics().FirstOrDefault(static d => d.Severity == DiagnosticSeverity.Error);
        if (error is not null)
        {
            throw new SampleException($"{path}, line {Line(error.Location)}: expected C#, found {error.GetMessage(CultureInfo.InvariantCulture)}.");
        }

        var members = root.Members.ToList();
        if (members is [FileScopedNamespaceDeclarationSyntax scope])
        {
            members = [.. scope.Members];
        }

        var flows = new List<string>();
        foreach (var member in members)
        {
            if (member is not ClassDeclarationSyntax { Members.Count: 0, BaseList: null, ParameterList: null } type)
            {
                throw new SampleException($"{path}, line {Line(member.GetLocation())}: expected attributes on empty classes and nothing else, found {Shorten(member.ToString())}.");
            }

            if (type.AttributeLists.SelectMany(static list => list.Attributes).Any(static a => a.Name.ToString() is "Flow" or "FlowAttribute" or "FlowGen.Flow"))
            {
                flows.Add(type.Parent is FileScopedNamespaceDeclarationSyntax space ? $"{space.Name}.{type.Identifier.Text}" : type.Identifier.Text);
            }
        }

        return flows.Count == 1
            ? new FlowDeclaration(path, source, flows[0])
            : throw new SampleException($"{path}: expected one class with a [Flow] attribute, found {flows.Count}.");
    }

    private static int Line(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;

    private static string Shorten(string text) => $"'{(text.Length <= 40 ? text : text[..37] + "...").ReplaceLineEndings(" ")}'";

    private static string ToClassName(string name)
    {
        var text = new StringBuilder();
        bool upper = true;
        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                text.Append(upper ? char.ToUpperInvariant(c) : c);
                upper = false;
            }
            else
            {
                upper = true;
            }
        }

        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "Data" + text : text.ToString();
    }
}
