using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.BenchTests.Processes;

public sealed class CoresTests
{
    private static readonly Command _command = new("server", ["--port", "80"]);

    [Theory]
    [InlineData("\t0-1", new[] { 0, 1 })]
    [InlineData("3", new[] { 3 })]
    [InlineData("0-2,5,7-8", new[] { 0, 1, 2, 5, 7, 8 })]
    public void The_kernels_list_is_read(string list, int[] cores)
    {
        Assert.Equal(cores, Cores.Parse(list));
    }

    [Fact]
    public void The_server_has_the_first_core_and_the_generator_the_others()
    {
        var cores = new Cores([2, 3, 5]);

        var server = cores.PinServer(_command);
        Assert.Equal("taskset", server.Program);
        Assert.Equal(["-c", "2", "server", "--port", "80"], server.Arguments);
        Assert.Equal(["-c", "3,5", "server", "--port", "80"], cores.PinGenerator(_command).Arguments);
    }

    [Fact]
    public void One_core_is_shared()
    {
        var cores = new Cores([0]);

        Assert.False(cores.ArePinned);
        Assert.Equal(_command, cores.PinServer(_command));
        Assert.Equal(_command, cores.PinGenerator(_command));
    }
}
