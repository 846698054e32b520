using System.Globalization;
using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace FlowGen.Generator.Usage;

/// <summary>What can be said of one call: its constants, its lengths and its result.</summary>
/// <param name="call">The call.</param>
/// <param name="facts">What is known of the flow, if anything.</param>
/// <param name="report">Told of what is wrong.</param>
internal sealed class CallRules(FlowCall call, FlowFacts? facts, ReportUsage report)
{
    /// <summary>Applies every rule.</summary>
    public void Check()
    {
        CheckResult();
        CheckNumbers();
        CheckInverseOptions();
        if (facts is null)
        {
            return;
        }

        if (call.Member.NeedsLevels && !facts.HasLevels)
        {
            report(DiagnosticIds.NoLevels, call.Operation, [call.Name, facts.Name]);
        }

        CheckLengths();
        CheckBatch();
    }

    private void CheckResult()
    {
        if (call.Member.ResultOnly && !call.Operation.TargetMethod.ReturnsVoid && call.Operation is { Parent: IExpressionStatementOperation { Syntax: ExpressionStatementSyntax } })
        {
            report(DiagnosticIds.ResultIgnored, call.Operation, [call.Name]);
        }
    }

    private void CheckNumbers()
    {
        foreach (var argument in call.Operation.Arguments)
        {
            if (argument is not { ArgumentKind: ArgumentKind.Explicit, Value.ConstantValue: { HasValue: true, Value: { } value } })
            {
                continue;
            }

            string? range = (argument.Parameter?.Name, value) switch
            {
                ("temperature", float temperature) when !(temperature >= 0 && temperature < float.PositiveInfinity) => "0 or more, and finite: it scales the latent",
                ("count", int and < 0) => "0 or more: it is the number of samples",
                ("draws", int and < 1) => "1 or more: the noise is drawn as often",
                _ => null,
            };
            // At temperature 0 there is one sample, and at 1 there is nothing to say.
            if (facts?.NotTempered is { } reason && argument.Parameter?.Name == "temperature" && value is float and > 0 and < float.PositiveInfinity and not 1 and var t)
            {
                report(DiagnosticIds.TemperatureOfDataVolume, argument.Value, [call.Name, Literals.Of(t, "G6"), Literals.Of(1 / ((double)t * t), "G4"), reason]);
            }

            if (range is not null)
            {
                report(DiagnosticIds.ArgumentOutOfRange, argument.Value, [call.Name, argument.Parameter!.Name, Convert.ToString(value, CultureInfo.InvariantCulture), range]);
            }
        }
    }

    private void CheckInverseOptions()
    {
        if (call.Argument("options") is not IObjectCreationOperation { Type.Name: "InverseOptions", Initializer: { } initializer })
        {
            return;
        }

        foreach (var assignment in initializer.Initializers.OfType<ISimpleAssignmentOperation>())
        {
            if (assignment is not { Target: IPropertyReferenceOperation { Property.Name: var name }, Value.ConstantValue: { HasValue: true, Value: { } value } })
            {
                continue;
            }

            string? range = (name, value) switch
            {
                ("Step", double step) when !(step > 0 && step <= 1) => "above 0 and at most 1: longer steps need not converge",
                ("Tolerance", double tolerance) when !(tolerance > 0 && tolerance < double.PositiveInfinity) => "above 0, and finite",
                ("MaximumIterations", int and < 1) => "1 or more",
                _ => null,
            };
            if (range is not null)
            {
                report(DiagnosticIds.ArgumentOutOfRange, assignment.Value, [call.Name, name, Convert.ToString(value, CultureInfo.InvariantCulture), range]);
            }
        }
    }

    private void CheckLengths()
    {
        // Samples first: the lengths of everything else follow from their number.
        long? samples = null;
        string first = "";
        foreach (var argument in Buffers(static name => name is "x" or "z" or "gradZ" or "gradX" or "data" or "samples"))
        {
            string name = argument.Parameter!.Name;
            if (ConstantLengths.Of(argument.Value) is not { } length || (name == "gradX" && length == 0))
            {
                continue;
            }

            if (length % facts!.Size != 0)
            {
                Report(argument, length, $"not a multiple of {Literals.Of(facts.Size)}, the size of a sample of '{facts.Name}'");
            }
            else if (samples is { } count && length != count * facts.Size)
            {
                Report(argument, length, $"but {first} holds {Literals.Of(count * facts.Size)}");
            }
            else if (samples is null)
            {
                (samples, first) = (length / facts.Size, name);
            }
        }

        foreach (var argument in Buffers(static name => name is "logDet" or "logProb" or "gradLogDet"))
        {
            if (samples is { } count && ConstantLengths.Of(argument.Value) is { } length && length != count && !(argument.Parameter!.Name == "logDet" && length == 0))
            {
                Report(argument, length, $"but {first} holds {Literals.Of(count)} samples of {Literals.Of(facts!.Size)} numbers, and each has one");
            }
        }

        foreach (var argument in Buffers(static name => name == "gradient"))
        {
            if (facts!.Parameters is { } count && ConstantLengths.Of(argument.Value) is { } length && length != count && !(call.Name == "Pullback" && length == 0))
            {
                Report(argument, length, $"but '{facts.Name}' has {Literals.Of(count)} trainable parameters");
            }
        }
    }

    private void CheckBatch()
    {
        // One sample has no variance.
        if (call.Name == "Initialize" && facts!.DataDependent is { } layer && call.Argument("x") is { } x && ConstantLengths.Of(x) is { } length && length < 2 * facts.Size && length % facts.Size == 0)
        {
            report(DiagnosticIds.BatchOfOne, x, [$"'{facts.Name}' is initialised with {(length == 0 ? "no samples" : "1 sample")}", layer]);
        }

        if (call.Name == "Fit" && facts!.BatchCoupled is { } coupled && call.Argument("options") is IObjectCreationOperation { Initializer: { } initializer })
        {
            foreach (var assignment in initializer.Initializers.OfType<ISimpleAssignmentOperation>())
            {
                if (assignment is { Target: IPropertyReferenceOperation { Property.Name: "BatchSize" }, Value.ConstantValue: { HasValue: true, Value: 1 } })
                {
                    report(DiagnosticIds.BatchOfOne, assignment, [$"'{facts.Name}' is trained in batches of 1", coupled]);
                }
            }
        }
    }

    private IEnumerable<IArgumentOperation> Buffers(Func<string, bool> names) =>
        call.Operation.Arguments.Where(argument => argument is { ArgumentKind: ArgumentKind.Explicit, Parameter: { } parameter } && names(parameter.Name));

    private void Report(IArgumentOperation argument, long length, string reason) =>
        report(DiagnosticIds.LengthMismatch, argument.Value, [call.Name, argument.Parameter!.Name, Literals.Of(length), reason]);
}
