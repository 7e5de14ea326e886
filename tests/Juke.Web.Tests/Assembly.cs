using Juke.Testing;
using Juke.Web.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(NoSecretInLogs))]
[assembly: AssemblyFixture(typeof(Site))]
