namespace ProbML.LinearAlgebra;

/// <summary>The registers that the kernels compute in.</summary>
internal enum SimdPath
{
    /// <summary>The widest that the hardware accelerates.</summary>
    Auto,

    /// <summary>Eight doubles at once, fused multiply-add.</summary>
    Vector512,

    /// <summary>Four doubles at once, fused multiply-add.</summary>
    Vector256,

    /// <summary>One double at a time, multiplied and added with two roundings: the path of last resort.</summary>
    Scalar,
}
