namespace FlowGen.Serialization;

/// <summary>Replaces a file as a whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Nobody writes a file for longer; what is older was left by a process that was killed.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);

    /// <summary>Writes beside the target, forces the bytes to the disk, and renames over the target; a failure removes what was written and leaves the target as it was.</summary>
    /// <exception cref="DirectoryNotFoundException">The target's directory does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
    /// <exception cref="IOException">The target is a directory, or writing failed.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        if (Directory.Exists(target))
        {
            throw new IOException($"{path} is a directory; a file name was expected.");
        }

        // A rename over a link would replace the link instead of what it points to.
        var link = new FileInfo(target);
        target = link.LinkTarget is null ? target : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        string directory = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"Cannot save {path}: the directory {directory} does not exist.");
        }

        RemoveLeftovers(directory, Path.GetFileName(target));
        string temporary = Path.Combine(directory, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var stream = Create(temporary, path, directory))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(target))
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    private static FileStream Create(string temporary, string path, string directory)
    {
        try
        {
            return new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException($"Cannot save {path}: no permission to create files in {directory}.", e);
        }
    }

    private static void RemoveLeftovers(string directory, string name)
    {
        string start = $".{name}.";
        foreach (string file in Directory.EnumerateFiles(directory, ".*.tmp", new EnumerationOptions { AttributesToSkip = FileAttributes.System, IgnoreInaccessible = true }))
        {
            // A random name has eleven letters and a dot; a name that only begins like ours is another file's.
            var found = Path.GetFileName(file.AsSpan());
            if (found.StartsWith(start, StringComparison.Ordinal) && found.Length == start.Length + 16 && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > LongestWrite)
            {
                TryDelete(file);
            }
        }
    }

    private static void TryDelete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
    }
}
