"""package_at_a6f4487: rotation-invariant polynomials and their derivatives in plain PyTorch.

Basis f16d83376e0c00c7f8bbc03e2a1de789e504b71074b00000fb698180a9ae0257
Convention sphericart. Written by invgen, codegen version 2; do not edit.

Tensors are (..., component, channel) on any device, of any floating dtype; leading dimensions are free.
"""

import torch

DIM = 4
COUNT = 2


def value(x):
    """Return y = I(x)."""
    (v0, v1, v2, v3,) = x.unbind(-2)
    v4 = 3.544907701811032 * v0
    del v0
    v5 = 2.046653415892977 * v1
    del v1
    v6 = v5 * v5
    del v5
    v7 = 2.046653415892977 * v3
    del v3
    v8 = v7 * v7
    del v7
    v9 = v8 + v6
    del v6, v8
    v10 = 2.046653415892977 * v2
    del v2
    v11 = v10 * v10
    del v10
    v12 = v11 + v9
    del v9, v11
    return torch.stack((v4, v12,), -2)


def vjp(x, ybar):
    """Return xbar, the sum over k of ybar_k dy_k/dx."""
    (_, v1, v2, v3,) = x.unbind(-2)
    (v4, v5,) = ybar.unbind(-2)
    v6 = 3.544907701811032 * v4
    del v4
    v7 = 2.0 * v5
    del v5
    v8 = 2.046653415892977 * v1
    del v1
    v9 = v8 * v7
    del v8
    v10 = 2.046653415892977 * v9
    del v9
    v11 = 2.046653415892977 * v2
    del v2
    v12 = v11 * v7
    del v11
    v13 = 2.046653415892977 * v12
    del v12
    v14 = 2.046653415892977 * v3
    del v3
    v15 = v14 * v7
    del v7, v14
    v16 = 2.046653415892977 * v15
    del v15
    return torch.stack((v6, v10, v13, v16,), -2)


def value_and_vjp(x, ybar):
    """Return (y, xbar)."""
    (v0, v1, v2, v3,) = x.unbind(-2)
    (v4, v5,) = ybar.unbind(-2)
    v6 = 3.544907701811032 * v0
    del v0
    v7 = 2.046653415892977 * v1
    del v1
    v8 = v7 * v7
    v9 = 2.046653415892977 * v3
    del v3
    v10 = v9 * v9
    v11 = v10 + v8
    del v8, v10
    v12 = 2.046653415892977 * v2
    del v2
    v13 = v12 * v12
    v14 = v13 + v11
    del v11, v13
    v15 = 3.544907701811032 * v4
    del v4
    v16 = 2.0 * v5
    del v5
    v17 = v7 * v16
    del v7
    v18 = 2.046653415892977 * v17
    del v17
    v19 = v12 * v16
    del v12
    v20 = 2.046653415892977 * v19
    del v19
    v21 = v9 * v16
    del v9, v16
    v22 = 2.046653415892977 * v21
    del v21
    return torch.stack((v6, v14,), -2), torch.stack((v15, v18, v20, v22,), -2)


def jvp(x, u):
    """Return ydot, the derivative of y along u."""
    (_, v1, v2, v3,) = x.unbind(-2)
    (v4, v5, v6, v7,) = u.unbind(-2)
    v8 = 3.544907701811032 * v4
    del v4
    v9 = 2.046653415892977 * v5
    del v5
    v10 = 2.046653415892977 * v1
    del v1
    v11 = v10 * v9
    del v9, v10
    v12 = 2.046653415892977 * v7
    del v7
    v13 = 2.046653415892977 * v3
    del v3
    v14 = v13 * v12
    del v12, v13
    v15 = v14 + v11
    del v11, v14
    v16 = 2.046653415892977 * v6
    del v6
    v17 = 2.046653415892977 * v2
    del v2
    v18 = v17 * v16
    del v16, v17
    v19 = v18 + v15
    del v15, v18
    v20 = 2.0 * v19
    del v19
    return torch.stack((v8, v20,), -2)


def vjp_of_vjp(x, ybar, u):
    """Return the gradients of vjp(x, ybar) . u with respect to x and ybar."""
    (_, v1, v2, v3,) = x.unbind(-2)
    (_, v5,) = ybar.unbind(-2)
    (v6, v7, v8, v9,) = u.unbind(-2)
    v10 = torch.full_like(x.select(-2, 0), 0.0)
    v11 = 2.0 * v5
    del v5
    v12 = 2.046653415892977 * v7
    del v7
    v13 = v12 * v11
    v14 = 2.046653415892977 * v13
    del v13
    v15 = 2.046653415892977 * v8
    del v8
    v16 = v15 * v11
    v17 = 2.046653415892977 * v16
    del v16
    v18 = 2.046653415892977 * v9
    del v9
    v19 = v18 * v11
    del v11
    v20 = 2.046653415892977 * v19
    del v19
    v21 = 3.544907701811032 * v6
    del v6
    v22 = 2.046653415892977 * v1
    del v1
    v23 = v22 * v12
    del v12, v22
    v24 = 2.046653415892977 * v3
    del v3
    v25 = v24 * v18
    del v18, v24
    v26 = v25 + v23
    del v23, v25
    v27 = 2.046653415892977 * v2
    del v2
    v28 = v27 * v15
    del v15, v27
    v29 = v28 + v26
    del v26, v28
    v30 = 2.0 * v29
    del v29
    return torch.stack((v10, v14, v17, v20,), -2), torch.stack((v21, v30,), -2)
