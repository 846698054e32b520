namespace FlowGen.Tests.Declarations;

/// <summary>A way to break a declaration.</summary>
/// <param name="Name">What is broken.</param>
/// <param name="Rule">The rule that must say so.</param>
/// <param name="Break">Breaks a sound declaration; null if it has nothing of the kind.</param>
/// <param name="Confirm">
/// What the broken part would do, computed in double precision with no help of the compiler: whether it is no bijection with a finite log-determinant.
/// Null where no map could be written down at all.
/// </param>
internal sealed record Fault(string Name, string Rule, Func<RandomDeclaration, System.Random, RandomDeclaration?> Break, Func<RandomDeclaration, bool>? Confirm = null);
