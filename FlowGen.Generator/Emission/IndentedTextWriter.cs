using System.Text;

namespace FlowGen.Generator.Emission;

/// <summary>Builds text line by line; lines end with '\n' on every system.</summary>
internal sealed class IndentedTextWriter
{
    private readonly StringBuilder text = new();
    private int depth;
    private bool startsBlock = true;

    /// <summary>Adds a line; an empty one stays empty.</summary>
    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            _ = text.Append(' ', 4 * depth).Append(line);
        }

        _ = text.Append('\n');
        startsBlock = false;
    }

    /// <summary>Adds lines.</summary>
    public void Lines(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            Line(line);
        }
    }

    /// <summary>An empty line between members, but not at the start of a block.</summary>
    public void Separate()
    {
        if (!startsBlock)
        {
            Line();
        }
    }

    /// <summary>Opens a block with braces, which ends when the result is disposed of.</summary>
    /// <param name="end">What follows the closing brace.</param>
    public Block Braces(string end = "")
    {
        Line("{");
        depth++;
        startsBlock = true;
        return new Block(this, "}" + end);
    }

    /// <summary>Indents what follows until the result is disposed of.</summary>
    public Block Indent()
    {
        depth++;
        return new Block(this, end: null);
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    /// <summary>An open block.</summary>
    internal readonly struct Block(IndentedTextWriter writer, string? end) : IDisposable
    {
        /// <summary>Closes the block.</summary>
        public void Dispose()
        {
            writer.depth--;
            if (end is not null)
            {
                writer.Line(end);
            }
        }
    }
}
