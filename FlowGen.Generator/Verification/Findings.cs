using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Verification;

/// <summary>Collects findings; each rule speaks once for an attribute.</summary>
internal sealed class Findings
{
    private readonly List<Finding> items = [];
    private SortedSet<string>? errors;

    /// <summary>The attribute that is looked at: its position in its class, or -1 for the class itself.</summary>
    public int Origin { get; set; } = -1;

    /// <summary>Whether one of them is an error.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>The rules of the errors found, those inside steps among them, which are told there.</summary>
    public IEnumerable<string> Errors => errors ?? [];

    /// <summary>Adds a finding at <see cref="Origin"/>.</summary>
    public void Add(string id, params string[] arguments) => AddWithRemedy(id, remedy: null, arguments);

    /// <summary>Adds a finding at <see cref="Origin"/> that a value of an option would remedy.</summary>
    public void AddWithRemedy(string id, string? remedy, params string[] arguments)
    {
        if (items.Exists(item => item.Id == id && item.Origin == Origin))
        {
            return;
        }

        if (Descriptors.Get(id).DefaultSeverity == DiagnosticSeverity.Error)
        {
            HasErrors = true;
            _ = (errors ??= new(StringComparer.Ordinal)).Add(id);
        }

        items.Add(new Finding(id, Origin, new EquatableArray<string>(arguments), remedy));
    }

    /// <summary>Adds a finding if an option is no value of its enumeration.</summary>
    public void CheckDefined<TEnum>(string layer, TEnum value)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(typeof(TEnum), value))
        {
            Add(DiagnosticIds.UndefinedOption, layer, value.ToString(), typeof(TEnum).Name);
        }
    }

    /// <summary>Adds the rules that a step breaks.</summary>
    public void AddErrorsOf(Findings step)
    {
        if (step.errors is { } inside)
        {
            (errors ??= new(StringComparer.Ordinal)).UnionWith(inside);
        }
    }

    /// <summary>The findings so far.</summary>
    public EquatableArray<Finding> ToArray() => items.ToEquatableArray();
}
