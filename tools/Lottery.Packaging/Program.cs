using Lottery.Packaging;

// ./dev pack, ./dev release [RID …]: makes what leaves, from the sources in the current folder. ./dev holds the lock of the tree meanwhile.
try
{
    return args switch
    {
        ["pack"] => Packages.Make(Environment.CurrentDirectory),
        ["release", .. var systems] => Releases.Make(Environment.CurrentDirectory, systems),
        _ => throw new PackagingException($"'{string.Join(' ', args)}' is not one of: pack, release [RID …]."),
    };
}
catch (PackagingException exception)
{
    Console.Error.WriteLine($"dev: {exception.Message}");
    return 1;
}
