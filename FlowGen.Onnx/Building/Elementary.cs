namespace FlowGen.Onnx.Building;

/// <summary>Elementary functions as nodes. Where an operator of ONNX loses digits, it is not used: logarithms near 1, exponentials near 0, sigmoids far below 0.</summary>
internal static class Elementary
{
    extension(GraphValue x)
    {
        /// <summary>An operator with one operand.</summary>
        public GraphValue Map(string operation) => x.Graph.Node(operation, [x]);

        /// <summary>e^x.</summary>
        public GraphValue Exp() => x.Map("Exp");

        /// <summary>ln x.</summary>
        public GraphValue Log() => x.Map("Log");

        /// <summary>|x|.</summary>
        public GraphValue Abs() => x.Map("Abs");

        /// <summary>The smaller of both.</summary>
        public GraphValue AtMost(double limit) => x.Graph.Node("Min", [x, x.Graph.Scalar(limit)]);

        /// <summary>The greater of both.</summary>
        public GraphValue AtLeast(double limit) => x.Graph.Node("Max", [x, x.Graph.Scalar(limit)]);

        /// <summary>e^x - 1 = tanh(x / 2) (e^x + 1), which keeps the digits of a small x.</summary>
        public GraphValue Expm1() => (0.5 * x).Map("Tanh") * (x.Exp() + 1);

        /// <summary>ln(1 + x): near 0 the quotient of two numbers that are wrong alike (Kahan).</summary>
        public GraphValue Log1p()
        {
            var sum = x + 1;
            var logarithm = sum.Log();
            return (x.Abs() > 1).Choose(logarithm, sum.EqualTo(1).Choose(x, logarithm * x / (sum - 1)));
        }

        /// <summary>ln(1 + x) for x from 0 to 1: 2 artanh(x / (2 + x)).</summary>
        public GraphValue Log1pOfFraction() => 2 * (x / (x + 2)).Map("Atanh");

        /// <summary>ln(1 + e^x).</summary>
        public GraphValue Softplus() => x.AtLeast(0) + x.ExpOfMinusAbs().Log1pOfFraction();

        /// <summary>ln sigmoid(x).</summary>
        public GraphValue LogSigmoid() => x.AtMost(0) - x.ExpOfMinusAbs().Log1pOfFraction();

        /// <summary>1 / (1 + e^-x), with all digits also where it is small.</summary>
        public GraphValue Sigmoid()
        {
            var e = x.ExpOfMinusAbs();
            var upper = 1 / (e + 1);
            return (x < 0).Choose(e * upper, upper);
        }

        /// <summary>ln sigmoid'(x) = -|x| - 2 ln(1 + e^-|x|), which is the density of the logistic distribution.</summary>
        public GraphValue LogLogisticDensity() => -x.Abs() - (2 * x.ExpOfMinusAbs().Log1pOfFraction());

        /// <summary>1 - tanh(x)^2.</summary>
        public GraphValue Sech2()
        {
            var e = (-2 * x.Abs()).Exp();
            var sum = e + 1;
            return 4 * e / (sum * sum);
        }

        /// <summary>The inverse of the sigmoid.</summary>
        public GraphValue Logit() => x.Log() - (-x).Log1p();

        /// <summary>The inverse of ln(1 + e^x).</summary>
        public GraphValue SoftplusInverse() => x + (-(-x).Expm1()).Log();

        private GraphValue ExpOfMinusAbs() => (-x.Abs()).Exp();
    }
}
