using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Microsoft.ML.NTM.Sweeps;

/// <summary>Sweeps as a part of Orleans silos.</summary>
public static class SweepSilos
{
    /// <summary>The silo takes part in a sweep: it may hold it, and its workers train for it.</summary>
    /// <remarks>
    /// Clustering and a grain storage called <see cref="ClusterSweep.StorageName"/> are the application's choice: on one machine
    /// <c>UseLocalhostClustering()</c> and <see cref="AddSweepFileStorage"/>, on several Redis, SQL or what else Orleans has.
    /// </remarks>
    /// <param name="silo">The silo.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="workers">Trials that this silo trains at the same time, each on one thread; 0: it only holds the sweep.</param>
    public static ISiloBuilder AddSweep(this ISiloBuilder silo, ClusterSweep sweep, int workers = 1)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(sweep);
        for (int i = 0; i < workers; i++)
        {
            int index = i;
            silo.Services.AddSingleton<IHostedService>(services => new SweepWorker(
                sweep, index, services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<ILogger<SweepWorker>>()));
        }
        return silo;
    }

    /// <summary>Keeps sweeps as files in a folder, one each, always whole and on the disk before an answer goes out.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="folder">The folder; all silos must see the same one.</param>
    public static ISiloBuilder AddSweepFileStorage(this ISiloBuilder silo, string folder)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        silo.Services.AddKeyedSingleton<IGrainStorage>(ClusterSweep.StorageName, (_, _) => new SweepFileStorage(folder));
        return silo;
    }
}
