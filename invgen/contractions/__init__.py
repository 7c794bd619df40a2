"""Full contractions of tensors: written as einsum strings, enumerated as graphs, evaluated exactly."""
