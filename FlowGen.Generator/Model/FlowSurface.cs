using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>A class that is no flow, because of errors, and gets the members of one, so that code that uses it says nothing beside the errors.</summary>
/// <param name="Type">The class.</param>
/// <param name="Keyword">What its parts are declared as: <c>class</c> or <c>record</c>.</param>
/// <param name="Taken">The members whose names the class has for something else.</param>
/// <param name="Constructor">What stands between the parameters of the constructor and its body; null if there can be none.</param>
/// <param name="Errors">The rules that are broken; none if an attribute does not compile.</param>
internal sealed record FlowSurface(TypeIdentity Type, string Keyword, EquatableArray<string> Taken, string? Constructor, EquatableArray<string> Errors)
{
    /// <summary>Of a class that nothing is wrong with but its layers.</summary>
    public static FlowSurface Of(TypeIdentity type, EquatableArray<string> errors) => new(type, "class", EquatableArray<string>.Empty, "", errors);
}
