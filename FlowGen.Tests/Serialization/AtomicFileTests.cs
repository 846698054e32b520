using FlowGen.Serialization;
using Xunit;

namespace FlowGen.Tests.Serialization;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("flowgen").FullName;

    private string Target => Path.Combine(directory, "weights.safetensors");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_failure_while_writing_leaves_the_previous_file_and_nothing_else()
    {
        File.WriteAllText(Target, "previous");
        for (int failAt = 0; failAt < 5; failAt++)
        {
            Assert.Throws<IOException>(() => AtomicFile.Write(Target, stream =>
            {
                for (int i = 0; i < 5; i++)
                {
                    if (i == failAt)
                    {
                        throw new IOException("No space left on device");
                    }

                    stream.Write(new byte[100_000]);
                }
            }));
            Assert.Equal("previous", File.ReadAllText(Target));
            Assert.Equal([Target], Directory.GetFileSystemEntries(directory));
        }
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_once_nobody_can_be_writing_it()
    {
        string Leftover(string name, TimeSpan age)
        {
            string path = Path.Combine(directory, name);
            File.WriteAllText(path, "half");
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
            return path;
        }

        string random = Path.GetRandomFileName();
        _ = Leftover($".weights.safetensors.{random}.tmp", TimeSpan.FromHours(2));
        string[] kept =
        [
            Leftover($".weights.safetensors.{Path.GetRandomFileName()}.tmp", TimeSpan.FromMinutes(5)),
            Leftover($".other.safetensors.{random}.tmp", TimeSpan.FromHours(2)),
            Leftover($".weights.safetensors.more.{random}.tmp", TimeSpan.FromHours(2)),
            Leftover("weights.safetensors.tmp", TimeSpan.FromHours(2)),
        ];
        AtomicFile.Write(Target, static stream => stream.Write("new"u8));
        Assert.Equal(kept.Append(Target).Order(), Directory.GetFileSystemEntries(directory).Order());
    }

    [Fact]
    public void A_failure_of_the_first_save_leaves_nothing()
    {
        Assert.Throws<IOException>(() => AtomicFile.Write(Target, static _ => throw new IOException()));
        Assert.Empty(Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public void The_new_file_appears_only_when_it_is_whole()
    {
        File.WriteAllText(Target, "previous");
        AtomicFile.Write(Target, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("previous", File.ReadAllText(Target));
        });
        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public void The_mode_of_the_file_and_a_link_to_it_are_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes and links as Unix has them.");
        string real = Path.Combine(directory, "real");
        File.WriteAllText(real, "previous");
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite;
#pragma warning disable CA1416 // Skipped above.
        File.SetUnixFileMode(real, mode);
        File.CreateSymbolicLink(Target, real);
        AtomicFile.Write(Target, static stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(real));
        Assert.Equal(mode, File.GetUnixFileMode(real));
#pragma warning restore CA1416
        Assert.Equal(real, File.ResolveLinkTarget(Target, returnFinalTarget: false)?.FullName);
    }

    [Fact]
    public void A_missing_directory_and_a_directory_are_named()
    {
        string missing = Path.Combine(directory, "missing", "weights.safetensors");
        var e = Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(missing, static _ => { }));
        Assert.Contains(Path.Combine(directory, "missing"), e.Message);
        Assert.Contains("is a directory", Assert.Throws<IOException>(() => AtomicFile.Write(directory, static _ => { })).Message);
    }

    [Fact]
    public void A_directory_without_permission_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not hold a privileged process.");
#pragma warning disable CA1416 // Skipped above.
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var e = Assert.Throws<UnauthorizedAccessException>(() => AtomicFile.Write(Target, static _ => { }));
            Assert.Contains(Target, e.Message);
        }
        finally
        {
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
#pragma warning restore CA1416
    }
}
