/* The torch operators of one kernel, registered without Python through torch's stable ABI.
 *
 * Compiled once per kernel and linked with its C functions. Macros say which kernel:
 *   INVGEN_NAME        prefix of the operators' names, the same as when Python registers them
 *   INVGEN_REAL        float or double
 *   INVGEN_DIMENSION   components of x
 *   INVGEN_COUNT       components of y
 *
 * The library serves torch.ops.load_library, programs exported by AOTInductor that are run from C++, and eager calls,
 * which skip the interpreter. Derivatives are registered from Python: an exported program holds them as calls already.
 */
#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>

#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/ops.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

typedef INVGEN_REAL real;

extern "C" {
void invgen_value(const real *, real *, int64_t, int64_t, int);
void invgen_vjp(const real *, const real *, real *, int64_t, int64_t, int);
void invgen_jvp(const real *, const real *, real *, int64_t, int64_t, int);
void invgen_vjp_of_vjp(const real *, const real *, const real *, real *, real *, int64_t, int64_t, int);
}

#define INVGEN_TEXT_(text) #text
#define INVGEN_TEXT(text) INVGEN_TEXT_(text)
#define INVGEN_OPERATOR(function) INVGEN_TEXT(INVGEN_NAME) "_" #function

namespace {

using torch::stable::Tensor;

constexpr auto scalar_type = std::is_same_v<real, float> ? torch::headeronly::ScalarType::Float
                                                         : torch::headeronly::ScalarType::Double;

std::string shape_of(const Tensor &tensor)
{
    std::string text = "(";
    for (int64_t axis = 0; axis < tensor.dim(); ++axis)
        text += std::to_string(tensor.size(axis)) + (axis + 1 < tensor.dim() ? ", " : ")");
    return tensor.dim() ? text : "()";
}

/* Rows of x, of which there are `components`, beside the leading and the channel dimension of `like`. */
Tensor checked(const char *name, const Tensor &tensor, int64_t components, const Tensor &like)
{
    STD_TORCH_CHECK(tensor.is_cpu(), "invgen operator " INVGEN_TEXT(INVGEN_NAME) " runs on the CPU, and ", name,
                    " is on another device: move it to the CPU");
    STD_TORCH_CHECK(tensor.scalar_type() == scalar_type, "invgen operator " INVGEN_TEXT(INVGEN_NAME) " takes "
                    INVGEN_TEXT(INVGEN_REAL) " tensors, and ", name, " has another dtype: convert it");
    bool fits = tensor.dim() >= 2 && tensor.dim() == like.dim() && tensor.size(tensor.dim() - 2) == components;
    for (int64_t axis = 0; fits && axis < tensor.dim(); ++axis)
        fits = axis == tensor.dim() - 2 || tensor.size(axis) == like.size(axis);
    STD_TORCH_CHECK(fits, "invgen operator " INVGEN_TEXT(INVGEN_NAME) " takes ", name, " of shape (..., ", components,
                    ", channel) beside x of shape ", shape_of(like), ", got ", shape_of(tensor));
    return torch::stable::contiguous(tensor);
}

Tensor empty_rows(const Tensor &x, int64_t components)
{
    std::array<int64_t, 64> sizes; /* torch allows 64 dimensions */
    for (int64_t axis = 0; axis < x.dim(); ++axis)
        sizes[axis] = x.size(axis);
    sizes[x.dim() - 2] = components;
    return torch::stable::new_empty(x, {sizes.data(), static_cast<size_t>(x.dim())});
}

const real *read(const Tensor &tensor)
{
    return static_cast<const real *>(tensor.const_data_ptr());
}

real *write(const Tensor &tensor)
{
    return static_cast<real *>(tensor.mutable_data_ptr());
}

int64_t channels_of(const Tensor &x)
{
    return x.size(x.dim() - 1);
}

int64_t samples_of(const Tensor &x)
{
    return x.numel() / (INVGEN_DIMENSION * channels_of(x));
}

int threads()
{
    return static_cast<int>(torch::stable::get_num_threads());
}

Tensor value(const Tensor &x)
{
    const Tensor point = checked("x", x, INVGEN_DIMENSION, x);
    const Tensor y = empty_rows(point, INVGEN_COUNT);
    if (point.numel())
        invgen_value(read(point), write(y), samples_of(point), channels_of(point), threads());
    return y;
}

Tensor vjp(const Tensor &x, const Tensor &ybar)
{
    const Tensor point = checked("x", x, INVGEN_DIMENSION, x), weights = checked("ybar", ybar, INVGEN_COUNT, x);
    const Tensor xbar = empty_rows(point, INVGEN_DIMENSION);
    if (point.numel())
        invgen_vjp(read(point), read(weights), write(xbar), samples_of(point), channels_of(point), threads());
    return xbar;
}

Tensor jvp(const Tensor &x, const Tensor &u)
{
    const Tensor point = checked("x", x, INVGEN_DIMENSION, x), along = checked("u", u, INVGEN_DIMENSION, x);
    const Tensor ydot = empty_rows(point, INVGEN_COUNT);
    if (point.numel())
        invgen_jvp(read(point), read(along), write(ydot), samples_of(point), channels_of(point), threads());
    return ydot;
}

std::tuple<Tensor, Tensor> vjp_of_vjp(const Tensor &x, const Tensor &ybar, const Tensor &u)
{
    const Tensor point = checked("x", x, INVGEN_DIMENSION, x), weights = checked("ybar", ybar, INVGEN_COUNT, x);
    const Tensor along = checked("u", u, INVGEN_DIMENSION, x);
    const Tensor grad_x = empty_rows(point, INVGEN_DIMENSION), grad_ybar = empty_rows(point, INVGEN_COUNT);
    if (point.numel())
        invgen_vjp_of_vjp(read(point), read(weights), read(along), write(grad_x), write(grad_ybar), samples_of(point),
                          channels_of(point), threads());
    return {grad_x, grad_ybar};
}

} // namespace

STABLE_TORCH_LIBRARY_FRAGMENT(invgen, library)
{
    library.def(INVGEN_OPERATOR(value) "(Tensor x) -> Tensor");
    library.def(INVGEN_OPERATOR(vjp) "(Tensor x, Tensor ybar) -> Tensor");
    library.def(INVGEN_OPERATOR(jvp) "(Tensor x, Tensor u) -> Tensor");
    library.def(INVGEN_OPERATOR(vjp_of_vjp) "(Tensor x, Tensor ybar, Tensor u) -> (Tensor, Tensor)");
}

STABLE_TORCH_LIBRARY_IMPL(invgen, CPU, library)
{
    library.impl(INVGEN_OPERATOR(value), TORCH_BOX(&value));
    library.impl(INVGEN_OPERATOR(vjp), TORCH_BOX(&vjp));
    library.impl(INVGEN_OPERATOR(jvp), TORCH_BOX(&jvp));
    library.impl(INVGEN_OPERATOR(vjp_of_vjp), TORCH_BOX(&vjp_of_vjp));
}
