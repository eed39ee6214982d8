using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Lottery.Studies.Slurm;

namespace Lottery.SystemTests.Slurm;

/// <summary>
/// A Slurm cluster of two nodes on this machine, with its own authentication, ports and folder: nothing outside the folder is
/// read or written. The first test that needs it starts it; the daemons end with the tests.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    private const string Controller = "/usr/sbin/slurmctld", Node = "/usr/sbin/slurmd", Authentication = "/usr/sbin/munged";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private bool _isUp;

    /// <summary>The variables by which Slurm's commands find this cluster, and lottery the site's settings.</summary>
    internal (string Name, string Value)[] Environment => [("SLURM_CONF", _folder["slurm.conf"]), ("LOTTERY_SLURM", _folder["site.yaml"])];

    /// <summary>Starts the cluster, unless it runs; skips the test where there is no Slurm.</summary>
    internal void Start()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Controller) && File.Exists(Node) && File.Exists(Authentication),
            "Slurm is not here: `apt-get install slurm-wlm munge` (Debian).");
        Assert.SkipUnless(System.Environment.IsPrivilegedProcess, "Slurm's daemons are started as root.");
        if (_isUp) return;
        Configure();
        _isUp = true;
        Run(Authentication, $"--key-file={_folder["munge/key"]}", $"--socket={_folder["munge/socket"]}", $"--pid-file={_folder["munge/pid"]}",
            $"--log-file={_folder["munge/log"]}", $"--seed-file={_folder["munge/seed"]}");
        StartController();
        foreach (string node in (string[])["n1", "n2"]) StartNode(node);
        Until(() => Say("sinfo", "-h", "-N", "-t", "idle", "-o", "%N").Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count() == 2, "two idle nodes");
    }

    /// <summary>Starts the controller, with what the last one knew.</summary>
    internal void StartController() => Run(Controller);

    /// <summary>Stops the controller, which keeps what it knows.</summary>
    internal void StopController()
    {
        int controller = Pid("ctld/pid");
        Say("/bin/kill", "-TERM", controller.ToString(CultureInfo.InvariantCulture));
        Until(() => Status(controller, "State") is null or ['Z', ..], "the controller to stop");
    }

    /// <summary>Starts a node's daemon.</summary>
    internal void StartNode(string node) => Run(Node, "-N", node);

    /// <summary>Loses a node: its daemon and all that runs on it are killed.</summary>
    /// <param name="node">The node.</param>
    /// <param name="workers">The workers that run on it.</param>
    internal void LoseNode(string node, params IEnumerable<int> workers)
    {
        Kill(Pid($"{node}/pid"));
        foreach (int worker in workers)
            // The worker, the script that waits for it, and the step that watches over that.
            for (int process = worker, above; process > 1; process = above)
            {
                above = Parent(process);
                string name = NameOf(process);
                if (process != worker && name is not ("slurm_script" or "sh" or "slurmstepd")) break;
                Kill(process);
                if (name == "slurmstepd") break;
            }
    }

    /// <summary>What Slurm says of this user's jobs.</summary>
    internal SlurmQueueEntry[] Queue() => [.. SlurmQueue.Read(Say("squeue", "--json"))];

    /// <summary>Runs one of Slurm's commands; returns its output.</summary>
    internal string Say(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in Environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    /// <summary>Waits for something that happens on every machine, soon or late.</summary>
    internal void Until(Func<bool> condition, string what)
    {
        for (long start = Stopwatch.GetTimestamp(); !condition(); Thread.Sleep(50))
            if (Stopwatch.GetElapsedTime(start) > s_patience) Assert.Fail($"Waited for {what}; the controller's log ends with\n{string.Join('\n', Tail("log/slurmctld.log"))}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isUp)
        {
            Say("scancel", "--quiet", "--signal=KILL", "--full", "--user=root");
            Say("scancel", "--quiet", "--user=root");
            for (int i = 0; i < 100 && Say("squeue", "-h", "-t", "R,CG").Length > 0; i++) Thread.Sleep(50);
            foreach (string pid in (string[])["n1/pid", "n2/pid", "ctld/pid", "munge/pid"]) Kill(Pid(pid));
        }
        _folder.Dispose();
    }

    /// <summary>True if a process that is stopped was sent a signal that it will see when it goes on.</summary>
    internal static bool HasPendingSignal(int process) => Status(process, "ShdPnd") is { } pending && pending.Trim('0').Length > 0;

    /// <summary>Kills a process and waits until it has ended.</summary>
    internal static void Kill(int process)
    {
        if (process <= 1) return;
        try
        {
            using var running = Process.GetProcessById(process);
            running.Kill();
            running.WaitForExit();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private void Configure()
    {
        foreach (string folder in (string[])["munge", "ctld", "n1", "n2", "log"]) Directory.CreateDirectory(_folder[folder]);
        foreach (string folder in (string[])[".", "munge"]) File.SetUnixFileMode(_folder[folder], (UnixFileMode)0b111_101_101);
        File.WriteAllBytes(_folder["munge/key"], RandomNumberGenerator.GetBytes(1_024));
        File.SetUnixFileMode(_folder["munge/key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(_folder["site.yaml"], "task-minutes: 0.002\npoll-seconds: 0.3\n");
        int[] ports = FreePorts(3);
        // The timers are as short as they can be set; a lost node is noticed after SlurmdTimeout, and a task is tried again after cred_expire, which is at least 5.
        File.WriteAllText(_folder["slurm.conf"], $"""
            ClusterName=lottery
            SlurmctldHost=localhost(127.0.0.1)
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            CredType=cred/munge
            AuthInfo=socket={_folder["munge/socket"]},cred_expire=5
            SlurmctldPort={ports[0]}
            CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
            StateSaveLocation={_folder["ctld"]}
            SlurmctldPidFile={_folder["ctld/pid"]}
            SlurmctldLogFile={_folder["log/slurmctld.log"]}
            SlurmdSpoolDir={_folder.Path}/%n
            SlurmdPidFile={_folder.Path}/%n/pid
            SlurmdLogFile={_folder.Path}/log/slurmd.%n.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            JobCompType=jobcomp/none
            SwitchType=switch/none
            MpiDefault=none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            SchedulerType=sched/backfill
            SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1,requeue_setup_env_fail
            RequeueExit=99
            ReturnToService=2
            SlurmdParameters=config_overrides
            SlurmctldTimeout=30
            SlurmdTimeout=3
            MinJobAge=300
            KillWait=30
            PreemptType=preempt/partition_prio
            PreemptMode=REQUEUE
            NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port={ports[1]} CPUs=1 RealMemory=1000 State=UNKNOWN
            NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port={ports[2]} CPUs=1 RealMemory=1000 State=UNKNOWN
            PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP PriorityTier=1
            PartitionName=urgent Nodes=n1,n2 MaxTime=INFINITE State=UP PriorityTier=2 PreemptMode=OFF

            """);
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners) listener.Dispose();
        return ports;
    }

    private void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        foreach ((string name, string value) in Environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal((program, 0), (program, process.ExitCode));
    }

    private int Pid(string file) => File.Exists(_folder[file]) && int.TryParse(File.ReadAllText(_folder[file]), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int pid) ? pid : 0;

    private IEnumerable<string> Tail(string file) => File.Exists(_folder[file]) ? File.ReadLines(_folder[file]).TakeLast(20) : [];

    /// <summary>The process that started another; 0 where that has ended.</summary>
    private static int Parent(int process) => Status(process, "PPid") is { } parent ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;

    private static string NameOf(int process) => Status(process, "Name") ?? "";

    private static string? Status(int process, string name)
    {
        string file = $"/proc/{process}/status";
        return File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim() : null;
    }
}
