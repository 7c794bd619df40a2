"""What emitted functions say of themselves."""

from __future__ import annotations

from typing import Final

INVARIANTS: Final = {
    "value": "Return y = I(x).",
    "vjp": "Return xbar, the sum over k of ybar_k dy_k/dx.",
    "value_and_vjp": "Return (y, xbar).",
    "jvp": "Return ydot, the derivative of y along u.",
    "vjp_of_vjp": "Return the gradients of vjp(x, ybar) . u with respect to x and ybar.",
}

WEIGHTED: Final = {
    "value": "Return y, the sum over k of w_k B_k(x).",
    "vjp": "Return (xbar, wbar), the gradients of y . ybar; wbar for each sample.",
    "vjp_x": "Return xbar.",
    "value_and_vjp": "Return (y, xbar, wbar).",
    "jvp": "Return ydot, the derivative of y along (u, v).",
    "vjp_of_vjp": "Return the gradients of xbar . u + wbar . v with respect to x, w (for each sample) and ybar.",
    "vjp_of_vjp_x": "Return the gradients of xbar . u with respect to x, w (for each sample) and ybar.",
}

GATHERED: Final = {
    "value": "Return y, the sum over k of w_k B_k(x, z).",
    "vjp": "Return (xbar, zbar, wbar), the gradients of y . ybar; zbar and wbar for each sample.",
    "vjp_xz": "Return (xbar, zbar).",
    "value_and_vjp": "Return (y, xbar, zbar, wbar).",
    "jvp": "Return ydot, the derivative of y along (u, t, v).",
    "vjp_of_vjp": "Return the gradients of xbar . u + zbar . t + wbar . v by x, z and w (for each sample) and ybar.",
    "vjp_of_vjp_xz": "Return the gradients of xbar . u + zbar . t by x, z and w (for each sample) and ybar.",
}

MOMENTS: Final = {
    "mixed": "E[i, c, f] = sum over pairs of T_c(r) sum over nu of s_nu g[j, nu, f], and its derivatives.",
    "full": "E[i, c, nu, f] = sum over pairs of T_c(r) s_nu z[j, f], and its derivatives.",
    "environment": "E[i, nu, f] = sum over pairs of s_nu z[j, f], and its derivatives.",
}

TABULATED: Final = (
    "out[i, m, p, c] = sum over pairs of w[p, c](|r|) sum over n of M_p[m, n](r) x[j, n, c], and its derivatives."
)

CONVOLUTION: Final = (
    "out[i, m, p, c] = sum over pairs of w[p, c] sum over n of M_p[m, n](r) x[j, n, c], and its derivatives."
)

MATRICES: Final = {
    "value": "Return y, the entries of the matrices at x.",
    "vjp": "Return xbar, the gradient of y . ybar.",
    "jvp": "Return ydot, the derivative of y along u.",
    "bend": "Return the gradient of vjp(x, ybar) . u with respect to x.",
}

HARMONICS: Final = {
    "value": "Return y, the harmonics at x.",
    "vjp": "Return xbar, the gradient of y . ybar.",
    "jvp": "Return ydot, the derivative of y along u.",
    "bend": "Return the gradient of vjp(x, ybar) . u with respect to x.",
}
