using Juke.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(NoSecretInLogs))]
[assembly: AssemblyFixture(typeof(StopCluster))]
