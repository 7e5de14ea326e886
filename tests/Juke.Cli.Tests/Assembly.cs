[assembly: AssemblyFixture(typeof(NoSecretInLogs))]
[assembly: AssemblyFixture(typeof(StopCluster))]
