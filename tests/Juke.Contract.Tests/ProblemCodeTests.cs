using System.Reflection;

namespace Juke.Contract.Tests;

public sealed class ProblemCodeTests
{
    [Fact]
    public void Every_code_is_in_the_table_and_the_table_has_no_other() =>
        typeof(ProblemCode).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!)
            .ShouldBe(ProblemCode.All.Keys, ignoreOrder: true);
}
