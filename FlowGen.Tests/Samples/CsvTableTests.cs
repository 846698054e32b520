using FlowGen.Samples.Data;
using Xunit;

namespace FlowGen.Tests.Samples;

public sealed class CsvTableTests
{
    [Fact]
    public void Header_IsToldFromNumbers()
    {
        var named = Read("width,height\n1,2\n3,4.5e1\n");
        Assert.Equal(["width", "height"], named.Columns);
        Assert.Equal([1, 2, 3, 45], named.Values);

        var bare = Read("1,2\n3,4\n");
        Assert.Equal(["column1", "column2"], bare.Columns);
        Assert.Equal(2, bare.Rows);
    }

    [Theory]
    [InlineData("a;b\n1;2\n")]
    [InlineData("a\tb\n1\t2\n")]
    [InlineData("a, b\r\n 1 , 2 \r\n")]
    [InlineData("\"a\",\"b\"\n\"1\",\"2\"\n")]
    [InlineData("a,b\n\n1,2\n\n")]
    [InlineData("a,b\n1,2")]
    public void Dialects_AreRead(string text)
    {
        var table = Read(text);
        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal([1, 2], table.Values);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,red\n", "data.csv, row 2 (line 3), column 2 (b): expected a finite number, found 'red'")]
    [InlineData("a,b\n1,\n", "data.csv, row 1 (line 2), column 2 (b): expected a finite number, found an empty cell")]
    [InlineData("a,b\nNaN,1\n", "column 1 (a): expected a finite number, found 'NaN'")]
    [InlineData("a,b\n1,1e39\n", "column 2 (b): expected a finite number, found '1e39'")]
    [InlineData("a,b\n1,-Infinity\n", "expected a finite number, found '-Infinity'")]
    [InlineData("a,b\n1,2,3\n", "data.csv, row 1 (line 2): expected 2 cells as in the first row, found 3")]
    [InlineData("1,2\n3\n", "data.csv, row 2 (line 2): expected 2 cells as in the first row, found 1")]
    [InlineData("id,2020\n1,2\n", "say --header")]
    [InlineData("", "found an empty file")]
    [InlineData("a,b\n", "found a header and no rows")]
    [InlineData("a,b\n1,x\"y\n", "stray quote")]
    public void BadCells_AreNamed(string text, string message)
    {
        var e = Assert.Throws<SampleException>(() => Read(text));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Header_CanBeForced()
    {
        var table = CsvTable.Read(new StringReader("id,2020\n1,2\n"), "data.csv", header: true, []);
        Assert.Equal(["id", "2020"], table.Columns);
    }

    [Fact]
    public void Columns_AreChosenByNameOrNumber_AndOthersMayHoldText()
    {
        var table = CsvTable.Read(new StringReader("x,label,y\n1,red,2\n3,blue,4\n"), "data.csv", null, ["y", "1"]);
        Assert.Equal(["y", "x"], table.Columns);
        Assert.Equal([2, 1, 4, 3], table.Values);
        var e = Assert.Throws<SampleException>(static () => CsvTable.Read(new StringReader("x,y\n1,2\n"), "data.csv", null, ["z"]));
        Assert.Contains("no column 'z'. The columns are: x, y", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFileAndDirectory_AreTold()
    {
        string missing = Path.Combine(Path.GetTempPath(), "flowgen-no-such-file.csv");
        Assert.Contains("there is no such file", Assert.Throws<SampleException>(() => CsvTable.Read(missing)).Message, StringComparison.Ordinal);
        Assert.Contains("it is a directory", Assert.Throws<SampleException>(static () => CsvTable.Read(Path.GetTempPath())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Written_ReadsBack()
    {
        string path = Path.Combine(Path.GetTempPath(), $"flowgen-{Guid.NewGuid():N}.csv");
        try
        {
            CsvTable.Write(path, ["a", "b"], [[1, 0.1f], [-2.5, 3e-20f]]);
            var table = CsvTable.Read(path);
            Assert.Equal(["a", "b"], table.Columns);
            Assert.Equal([1, 0.1f, -2.5f, 3e-20f], table.Values);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ConstantColumn_IsRefused_AndDiscreteOneNoted()
    {
        var constant = Read("a,b\n1,5\n2,5\n");
        Assert.Contains("column 2 (b) is 5 in every row", Assert.Throws<SampleException>(() => constant.Check().ToList()).Message, StringComparison.Ordinal);

        string rows = string.Join('\n', Enumerable.Range(0, 300).Select(static i => FormattableString.Invariant($"{i * 0.1},{i % 3},{1.7e9 + (i % 299)}")));
        Assert.Collection(
            Read(rows).Check(),
            static note => Assert.Contains("column 2 (column2) has only 3 distinct values", note, StringComparison.Ordinal),
            static note => Assert.Contains("Subtract an offset", note, StringComparison.Ordinal));
    }

    private static NumericTable Read(string text) => CsvTable.Read(new StringReader(text), "data.csv", null, []);
}
