using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace ProbML.Torch.Tests;

public sealed class SafetensorsTests
{
    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        var file = new SafetensorsFile();
        file.Tensors["b"] = new("F32", [2], new byte[] { 0, 0, 128, 63, 0, 0, 0, 64 });
        file.Tensors["a"] = new("U8", [1, 1], new byte[] { 7 });
        file.Metadata["format"] = "pt";
        using var stream = new MemoryStream();
        file.Write(stream);
        byte[] bytes = stream.ToArray();
        const string Header = """
            {"__metadata__":{"format":"pt"},"a":{"dtype":"U8","shape":[1,1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}
            """;
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(Header, Encoding.UTF8.GetString(bytes, 8, length).TrimEnd());
        Assert.Equal([7, 0, 0, 128, 63, 0, 0, 0, 64], bytes[(8 + length)..]);
        var read = SafetensorsFile.Read(bytes);
        Assert.Equal("pt", read.Metadata["format"]);
        Assert.Equal([2], read.Tensors["b"].Shape);
    }

    [Fact]
    public void A_modules_weights_come_back_bit_for_bit_and_the_stream_stays_open()
    {
        TorchRuntime.EnsureLoaded();
        using Generator first = new(1), second = new(2);
        using MultilayerPerceptron network = new(5, 2, first), other = new(5, 2, second);
        using var stream = new MemoryStream();
        Safetensors.Save(network, stream);
        stream.Position = 0;
        Safetensors.Load(other, stream);
        Assert.True(stream.CanRead);
        foreach (var (name, value) in network.named_parameters())
            Assert.True(value.bytes.SequenceEqual(other.get_parameter(name)!.bytes), name);
    }

    [Fact]
    public void Weights_of_another_network_are_refused_and_nothing_changes()
    {
        TorchRuntime.EnsureLoaded();
        using var random = new Generator(1);
        using MultilayerPerceptron network = new(5, 2, random), wider = new(6, 2, random),
            deeper = new(5, 2, random, new() { HiddenSizes = [64, 64, 64] });
        foreach (var (from, to, said) in new[] { (network, wider, "hidden0.weight"), (deeper, network, "hidden2"), (network, deeper, "hidden2") })
        {
            using var before = new MemoryStream();
            Safetensors.Save(to, before);
            using var stream = new MemoryStream();
            Safetensors.Save(from, stream);
            stream.Position = 0;
            Assert.Contains(said, Assert.Throws<FormatException>(() => Safetensors.Load(to, stream)).Message);
            using var after = new MemoryStream();
            Safetensors.Save(to, after);
            Assert.Equal(before.ToArray(), after.ToArray());
        }
    }

    [Fact]
    public void Damaged_bytes_are_refused_not_crashed_on()
    {
        TorchRuntime.EnsureLoaded();
        using var random = new Generator(1);
        using var network = new DenseLayer(3, 2, random);
        using var stream = new MemoryStream();
        Safetensors.Save(network, stream);
        byte[] good = stream.ToArray();
        int header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(good);
        var dice = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            byte[] bad = [.. good];
            bad[dice.Next(header)] = (byte)dice.Next(256);
            try
            {
                SafetensorsFile.Read(bad);                   // a name may have become another one
            }
            catch (FormatException)
            {
            }
        }
        for (int length = 0; length < good.Length; length++)
            Assert.Throws<FormatException>(() => SafetensorsFile.Read(good.AsMemory(0, length)));
    }
}
