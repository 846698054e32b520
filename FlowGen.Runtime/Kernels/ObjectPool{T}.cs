namespace FlowGen.Kernels;

/// <summary>Objects that are expensive to make and are needed one per concurrent call.</summary>
internal sealed class ObjectPool<T>(Func<T> create)
    where T : class
{
    private readonly Stack<T> free = new();

    public T Rent()
    {
        lock (free)
        {
            if (free.TryPop(out var item))
            {
                return item;
            }
        }

        return create();
    }

    public void Return(T item)
    {
        lock (free)
        {
            free.Push(item);
        }
    }
}
