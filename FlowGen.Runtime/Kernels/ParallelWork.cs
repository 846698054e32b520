using System.Runtime.ExceptionServices;

namespace FlowGen.Kernels;

/// <summary>
/// Numbered items of work, shared between the caller and the thread pool without allocating: instances are reused. The caller
/// works too and waits for the items only, never for a pool thread to become free.
/// </summary>
internal abstract class ParallelWork : IThreadPoolWorkItem
{
    private const long Closed = long.MaxValue;

    private readonly ManualResetEventSlim done = new(initialState: true);
    private long ticket = Closed;
    private long round;
    private int items;
    private int unfinished;
    private int references;
    private Exception? failure;

    /// <summary>Takes the object into use; <see cref="Drop"/> ends it.</summary>
    protected void Hold() => Interlocked.Increment(ref references);

    /// <summary>Ends the caller's use. The object is released once no pool thread refers to it either.</summary>
    protected void Drop() => Leave();

    /// <summary>Does all items on at most <paramref name="threads"/> threads; while the object is held, any number of times.</summary>
    protected void Run(int count, int threads)
    {
        // A late helper of an earlier round finds the ticket closed or of another round: it can take nothing by mistake.
        Volatile.Write(ref ticket, Closed);
        items = count;
        unfinished = count;
        failure = null;
        if (count == 0)
        {
            return;
        }

        done.Reset();
        Volatile.Write(ref ticket, ++round << 32);
        int helpers = Math.Min(threads, count) - 1;
        for (int i = 0; i < helpers; i++)
        {
            Hold();
            _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        Work();
        done.Wait();
        if (failure is { } failed)
        {
            Drop();
            ExceptionDispatchInfo.Throw(failed);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Work();
        Leave();
    }

    /// <summary>Does one item.</summary>
    protected abstract void Execute(int item);

    /// <summary>Called when no thread refers to this object any more: it may be used again.</summary>
    protected abstract void Release();

    private void Work()
    {
        while (true)
        {
            long mine = Volatile.Read(ref ticket);
            int item = (int)mine;
            if (mine == Closed || item >= items)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref ticket, mine + 1, mine) != mine)
            {
                continue;
            }

            try
            {
                Execute(item);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            if (Interlocked.Decrement(ref unfinished) == 0)
            {
                done.Set();
            }
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref references) == 0)
        {
            Release();
        }
    }
}
