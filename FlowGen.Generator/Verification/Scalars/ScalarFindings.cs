using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>What there is to say about a user's scalar function.</summary>
internal static class ScalarFindings
{
    /// <summary>Reports what is wrong with it.</summary>
    public static void Report(ScalarFunction function, ScalarProof? proof, Findings findings)
    {
        if (proof is null)
        {
            if (function.Problem is { } problem)
            {
                findings.Add(problem, [.. function.Arguments]);
            }

            return;
        }

        string name = function.Name;
        switch (proof.Verdict)
        {
            case ScalarVerdict.NotDifferentiable:
                findings.Add(DiagnosticIds.FunctionNotDifferentiable, name, Number(proof.First), proof.Detail);
                break;
            case ScalarVerdict.SignChange:
                findings.Add(DiagnosticIds.DerivativeChangesSign, name, Number(proof.First), Number(proof.Second), Number(proof.Third));
                break;
            case ScalarVerdict.ReachesZero:
                findings.Add(DiagnosticIds.DerivativeReachesZero, name, Number(proof.First));
                break;
            case ScalarVerdict.MayReachZero:
                findings.Add(DiagnosticIds.DerivativeMayReachZero, name, Number(proof.First), Number(proof.Second));
                break;
            case ScalarVerdict.NotContinuous:
                findings.Add(DiagnosticIds.FunctionNotContinuous, name, Number(proof.First), proof.Detail);
                break;
            case ScalarVerdict.Undefined:
                findings.Add(DiagnosticIds.FunctionUndefined, name, Place(proof), proof.Detail);
                break;
            case ScalarVerdict.NotProvable:
                findings.Add(DiagnosticIds.FunctionNotProvable, name, Place(proof), proof.Detail);
                break;
            case ScalarVerdict.NotUnderstood:
                findings.Add(DiagnosticIds.FunctionNotUnderstood, name, proof.Detail);
                break;
        }
    }

    private static string Place(ScalarProof proof) =>
        proof.First.Equals(proof.Second) ? $"at x = {Number(proof.First)}" : $"from x = {Number(proof.First)} to {Number(proof.Second)}";

    private static string Number(double value) => double.IsInfinity(value) ? Literals.Of(value, "G4") : Literals.Of(value);
}
