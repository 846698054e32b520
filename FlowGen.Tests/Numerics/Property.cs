using System.Globalization;
using CsCheck;

namespace FlowGen.Tests.Numerics;

/// <summary>Properties over cases that are the same in every run, so that a failure is one that anybody can repeat. FLOWGEN_TESTS_SEED, a number, gives other cases.</summary>
internal static class Property
{
    private const string Seed = "FLOWGEN_TESTS_SEED";

    /// <summary>Asserts <paramref name="property"/> of <paramref name="count"/> cases.</summary>
    public static void Holds<T>(this Gen<T> cases, int count, Action<T> property)
    {
        ulong seed = ulong.Parse(Environment.GetEnvironmentVariable(Seed) ?? "1", CultureInfo.InvariantCulture);
        var random = new PCG(1, seed);
        for (int i = 0; i < count; i++)
        {
            var value = cases.Generate(random, null, out _);
            try
            {
                property(value);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Case {i} of {Seed}={seed}, {value}: {e.Message}"), e);
            }
        }
    }

    /// <summary>Asserts <paramref name="property"/> of <paramref name="count"/> pairs.</summary>
    public static void Holds<T1, T2>(this Gen<(T1 First, T2 Second)> cases, int count, Action<T1, T2> property) => cases.Holds(count, pair => property(pair.First, pair.Second));
}
