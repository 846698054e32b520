using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>A user's scalar function, as far as it could be read.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Identifier">A name for generated code: the method's, and a hash of where it is declared.</param>
/// <param name="Body">What it computes; null if it could not be read.</param>
/// <param name="Problem">The rule that says why it could not; null if it could, or if the compiler says so itself.</param>
/// <param name="Arguments">What that rule's message is completed with.</param>
internal sealed record ScalarFunction(string Name, string Identifier, ScalarTree? Body, string? Problem, EquatableArray<string> Arguments);
