"""Writes mlp-3-5-2.safetensors: what `torch.save`-like code would of Sequential(Linear(3, 5), ReLU(), Linear(5, 2)), whose
weights follow a formula that the test knows. Needs numpy and safetensors."""

import os

import numpy as np
from safetensors.numpy import save_file


def linear(outputs, inputs):
    weight = np.array([[10 * o + i + 0.5 for i in range(inputs)] for o in range(outputs)], dtype=np.float32)
    return weight, -np.arange(1, outputs + 1, dtype=np.float32)


tensors = {}
for number, (outputs, inputs) in {0: (5, 3), 2: (2, 5)}.items():
    tensors[f"{number}.weight"], tensors[f"{number}.bias"] = linear(outputs, inputs)
save_file(tensors, os.path.join(os.path.dirname(os.path.abspath(__file__)), "mlp-3-5-2.safetensors"), metadata={"format": "pt"})
