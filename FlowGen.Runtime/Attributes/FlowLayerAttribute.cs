namespace FlowGen;

/// <summary>Base of the attributes that declare a layer.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class FlowLayerAttribute : Attribute
{
    /// <summary>How many layers of this kind follow one another, each with weights of its own.</summary>
    public int Times { get; set; } = 1;
}
