namespace Lottery.Plans;

/// <summary>
/// How tiles of images are shared out among threads, for every chain of layers alike. What only passes from layer to layer
/// has as many rooms as there are threads, and all tiles of one room are one share: gone through by one thread, one after
/// the other.
/// </summary>
internal sealed class TileShares
{
    private readonly Action<int, int> _tile, _share;
    private ThreadTeam _crew = ThreadTeam.One;
    private BatchTiles? _tiles;

    /// <summary>Shares of some work.</summary>
    /// <param name="tile">Is told which tile it is to do, and which thread it is.</param>
    public TileShares(Action<int, int> tile) => (_tile, _share) = (tile, Share);

    /// <summary>The room of a tile among <paramref name="rooms"/>.</summary>
    public static int Room(int tile, int rooms) => tile % rooms;

    /// <summary>Does every tile that has examples.</summary>
    public void Run(ThreadTeam team, BatchTiles tiles)
    {
        (_crew, _tiles) = (team, tiles);
        team.Run(team.Threads, _share);
    }

    private void Share(int room, int worker)
    {
        for (int tile = 0; tile < _tiles!.ImageTiles; tile++)
            if (Room(tile, _crew.Threads) == room && _tiles.Live[tile] > 0) _tile(tile, worker);
    }
}
