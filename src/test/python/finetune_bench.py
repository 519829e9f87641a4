#!/usr/bin/env python3
"""Times a step of fine-tuning in PyTorch, beside dev.sclera.defense.FinetuneBench, which times it in Sclera.

    python finetune_bench.py [all|last_block|head] [THREADS]

The networks are those of the shared graders: torchvision's MobileNetV2 at 160x160, and its ResNet-18 of half the width
at 128x128, both with batch normalisation folded into the convolutions, as their ONNX files have it. A step is what
Sclera's is: 16 images of 224x224 in [0,1] are resized (bilinear, antialiased) and normalised, cross-entropy, backward,
SGD with momentum 0.9 and weight decay 1e-4 over the layers that are trained. Prints images per second, the best of
three rounds, in both memory layouts.

Needs torch and torchvision; torchvision's compiled operators may be missing.
"""

import importlib
import re
import sys
import time

import torch
from torch import nn

LIBRARY = torch.library.Library("torchvision", "DEF")
BATCH, STEPS, ROUNDS = 16, 4, 3


def torchvision_models():
    """torchvision.models, with operators that only detectors use declared where they were not compiled."""
    while True:
        try:
            return importlib.import_module("torchvision.models")
        except RuntimeError as error:
            missing = re.search(r"operator torchvision::(\w+) does not exist", str(error))
            if not missing:
                raise
            LIBRARY.define(f"{missing.group(1)}(Tensor x) -> Tensor")
            for name in [name for name in sys.modules if name.startswith("torchvision")]:
                del sys.modules[name]


vision = torchvision_models()


def folded(module):
    """The module with its normalisations taken out, and biases in the convolutions in their place."""
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d):
            setattr(module, name, nn.Identity())
        elif isinstance(child, nn.Conv2d):
            child.bias = nn.Parameter(torch.zeros(child.out_channels))
        else:
            folded(child)
    return module


def narrow_resnet():
    """ResNet-18 with 32 to 256 channels."""
    resnet = importlib.import_module("torchvision.models.resnet")

    class Narrow(resnet.ResNet):
        def _make_layer(self, block, planes, blocks, stride=1, dilate=False):
            if planes == 64:
                self.inplanes = 32
            return super()._make_layer(block, planes // 2, blocks, stride, dilate)

    network = Narrow(resnet.BasicBlock, [2, 2, 2, 2], num_classes=5)
    network.conv1 = nn.Conv2d(3, 32, 7, 2, 3, bias=False)
    network.bn1 = nn.BatchNorm2d(32)
    network.fc = nn.Linear(256, 5)
    return network


def trained(network, layers):
    """The parameters that are trained, by the same rule as Sclera's: the last layer, the last quarter, or all."""
    weighted = [module for module in network.modules() if isinstance(module, (nn.Conv2d, nn.Linear))]
    count = {"head": 1, "last_block": (len(weighted) + 3) // 4, "all": len(weighted)}[layers]
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    chosen = [parameter for module in weighted[-count:] for parameter in module.parameters()]
    for parameter in chosen:
        parameter.requires_grad_(True)
    return chosen


def rate(network, side, layers, memory_format):
    network = network.to(memory_format=memory_format)
    optimiser = torch.optim.SGD(trained(network, layers), lr=1e-4, momentum=0.9, weight_decay=1e-4)
    images = torch.rand(BATCH, 3, 224, 224).contiguous(memory_format=memory_format)
    labels = torch.zeros(BATCH, dtype=torch.long)

    def step():
        small = nn.functional.interpolate(images, (side, side), mode="bilinear", antialias=True)
        loss = nn.functional.cross_entropy(network((small - 0.5) / 0.5), labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()

    step()
    best = 0.0
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(STEPS):
            step()
        best = max(best, STEPS * BATCH / (time.perf_counter() - start))
    return best


def main():
    layers = sys.argv[1] if len(sys.argv) > 1 else "all"
    torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 2)
    torch.manual_seed(1)
    networks = {
        "mobilenetv2": (lambda: vision.mobilenet_v2(num_classes=5), 160),
        "resnet18": (narrow_resnet, 128),
    }
    for name, (make, side) in networks.items():
        for memory_format in (torch.contiguous_format, torch.channels_last):
            network = folded(make()).train()
            for module in network.modules():
                if isinstance(module, nn.Dropout):
                    module.p = 0.0
            figure = rate(network, side, layers, memory_format)
            weights = sum(parameter.numel() for parameter in network.parameters())
            print(f"{name} {layers} {memory_format} ({weights} weights): {figure:.1f} images/s", flush=True)


if __name__ == "__main__":
    main()
