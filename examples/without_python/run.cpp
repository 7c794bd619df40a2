/* Runs an exported model on numbers from a file and compares with numbers from another: no Python in the process.
 *
 *     run FOLDER
 *
 * prints the largest difference from FOLDER/outputs.bin and returns 1 if it is above rounding.
 */
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <dlfcn.h>

#include <torch/csrc/inductor/aoti_package/model_package_loader.h>
#include <torch/torch.h>

static std::vector<double> read_numbers(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const double *numbers = reinterpret_cast<const double *>(bytes.data());
    return {numbers, numbers + bytes.size() / sizeof(double)};
}

int main(int count, char **arguments)
{
    if (count != 2) {
        std::fprintf(stderr, "usage: run FOLDER\n");
        return 2;
    }
    const std::string folder = arguments[1];
    /* The operators first: the model looks them up by name when it runs. */
    if (!dlopen((folder + "/operators.so").c_str(), RTLD_NOW | RTLD_LOCAL)) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 2;
    }
    std::vector<double> inputs = read_numbers(folder + "/inputs.bin");
    const std::vector<double> expected = read_numbers(folder + "/outputs.bin");
    const int64_t batch = static_cast<int64_t>(inputs.size()) / (16 * 2);
    torch::inductor::AOTIModelPackageLoader model(folder + "/model.pt2");
    const std::vector<at::Tensor> results = model.run({torch::from_blob(inputs.data(), {batch, 16, 2}, torch::kFloat64)});
    double worst = 0;
    size_t position = 0;
    for (const at::Tensor &result : results) {
        const at::Tensor flat = result.contiguous();
        for (int64_t i = 0; i < flat.numel(); ++i, ++position) {
            const double found = flat.data_ptr<double>()[i], right = expected.at(position);
            worst = std::max(worst, std::abs(found - right) / (1 + std::abs(right)));
        }
    }
    std::printf("%zu numbers, largest difference %.1e\n", position, worst);
    /* The exported program rounds in another order: some hundred roundings of 2^-53. */
    return position == expected.size() && worst < 1e-13 ? 0 : 1;
}
