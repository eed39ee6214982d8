using Lottery.Packaging;

// ./dev pack, ./dev release [RID …], ./dev ptx, ./dev gpu: makes what leaves, from the sources in the current folder. ./dev holds the lock of the tree meanwhile.
try
{
    return args switch
    {
        ["pack"] => Packages.Make(Environment.CurrentDirectory),
        ["release", .. var systems] => Releases.Make(Environment.CurrentDirectory, systems),
        ["ptx"] => Kernels.Compile(Environment.CurrentDirectory),
        ["gpu"] => GpuProgram.Make(Environment.CurrentDirectory),
        _ => throw new PackagingException($"'{string.Join(' ', args)}' is not one of: pack, release [RID …], ptx, gpu."),
    };
}
catch (PackagingException exception)
{
    Console.Error.WriteLine($"dev: {exception.Message}");
    return 1;
}
