namespace Lottery.Fuzz;

/// <summary>A format of untrusted files, and the reader that must bear them.</summary>
internal abstract class Target
{
    /// <summary>What it is called on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Its share of all cases when every format is fuzzed.</summary>
    public virtual int Share => 1;

    /// <summary>One case is worth so many files of other formats: a store is many files, and is read by many commands.</summary>
    public virtual int Worth => 1;

    /// <summary>The file of a case.</summary>
    public abstract Case Draw(Dice dice);

    /// <summary>
    /// Reads the file from its folder, and makes sure of what was read where something can be made sure of. Returning is
    /// acceptance; a <see cref="UserException"/> is a refusal; everything else is a finding.
    /// </summary>
    public abstract void Read(Case file, string folder);

    /// <summary>The most bytes that reading may allocate, the reader's own buffers included.</summary>
    public abstract long MostAllocated(Case file);

    /// <summary>The most time that reading may take.</summary>
    public virtual TimeSpan Longest(Case file) => TimeSpan.FromSeconds(2);

    /// <summary>Makes sure of something.</summary>
    /// <exception cref="FindingException">It does not hold.</exception>
    protected static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new FindingException(otherwise);
    }
}

/// <summary>A file to be read.</summary>
/// <param name="File">What it is called.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record Case(string File, byte[] Content)
{
    /// <summary>True where the file is known to be damaged, so that acceptance is a finding.</summary>
    public bool MustBeRefused { get; init; }

    /// <summary>True where the checksum was made right after the damage.</summary>
    public bool ChecksumIsRight { get; init; }
}

/// <summary>What must not happen has happened.</summary>
internal sealed class FindingException(string what) : Exception(what);
