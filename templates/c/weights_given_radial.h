/* Weights are given for every pair: nothing follows from its distance. */
struct radial {
    char none;
};
