using System.Reflection;
using Xunit;

namespace FlowGen.Tests.Samples;

/// <summary>Calls tests of an assembly that no runner knows.</summary>
internal static class TestCalls
{
    /// <summary>Calls the theories of a class, with those rows that are wanted, and the facts with wanted names.</summary>
    /// <returns>What was called, and what was thrown: null if the test passes.</returns>
    public static async Task<List<(string Test, Exception? Failure)>> Run(Type tests, Func<object?, bool> isWanted)
    {
        var results = new List<(string, Exception?)>();
        foreach (var method in tests.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            if (method.GetCustomAttribute<TheoryAttribute>() is not null)
            {
                foreach (var row in Rows(method))
                {
                    if (row.Any(isWanted))
                    {
                        results.Add(await Call(method, row));
                    }
                }
            }
            else if (method.GetCustomAttribute<FactAttribute>() is not null && isWanted(method.Name))
            {
                results.Add(await Call(method, []));
            }
        }

        return results;
    }

    private static IEnumerable<object?[]> Rows(MethodInfo method) =>
        method.GetCustomAttributes<InlineDataAttribute>().Select(static attribute => attribute.Data)
            .Concat(method.GetCustomAttributes<MemberDataAttribute>().SelectMany(attribute =>
                ((IEnumerable<ITheoryDataRow>)(attribute.MemberType ?? method.DeclaringType!).GetProperty(attribute.MemberName)!.GetValue(null)!).Select(static row => row.GetData())));

    private static async Task<(string Test, Exception? Failure)> Call(MethodInfo method, object?[] arguments)
    {
        string name = $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", arguments)})";
        try
        {
            object tests = Activator.CreateInstance(method.DeclaringType)!;
            await (method.Invoke(tests, arguments) as Task ?? Task.CompletedTask);
            return (name, null);
        }
        catch (Exception e)
        {
            return (name, e is TargetInvocationException { InnerException: { } inner } ? inner : e);
        }
    }
}
