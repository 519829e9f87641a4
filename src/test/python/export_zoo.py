#!/usr/bin/env python3
"""Exports classifiers at full size, with PyTorch's own gradients beside them, for ZooTest.

    python export_zoo.py FOLDER [WORD ...]

Makes FOLDER/<network>-<exporter><opset>.onnx, and beside each an .npz of one seeded batch: input [2,3,h,w] (or
[2,h,w,3]), labels, logits, loss (mean cross-entropy), grad_input, and grad_double, the gradient as PyTorch has it in
float64: in float32 a ReLU here and there decides otherwise, and the distance between the two shows how much that is
worth. With words, only files whose names hold one of them. Files that exist are kept, so it can be run again after it
was cut off.

Weights are random, but not as a constructor leaves them: normalisation statistics are those of a batch, and what
starts at zero (heads, layer scales) does not stay there; else half of a graph would contribute nothing.

Needs torch, timm, torchvision, onnx and onnxscript; torchvision's compiled operators may be missing.
"""

import importlib
import pathlib
import re
import sys
import warnings

import numpy
import onnx
import onnx.helper
import torch
from torch import nn

LIBRARY = torch.library.Library("torchvision", "DEF")


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
timm = importlib.import_module("timm")

# network -> (how it is made, side of its images, exports: 0 is the new exporter at its default opset)
ZOO = {
    "resnet50": (lambda: vision.resnet50(num_classes=5), 224, (17, 0, 7)),
    "mobilenet_v2": (lambda: vision.mobilenet_v2(num_classes=5), 224, (17, 0, 9)),
    "densenet121": (lambda: vision.densenet121(num_classes=5), 224, (17, 0, 9)),
    "efficientnet_b0": (lambda: vision.efficientnet_b0(num_classes=5), 224, (17, 0, 11)),
    "inception_v3": (lambda: vision.inception_v3(num_classes=5, aux_logits=False, init_weights=False), 299, (17, 0, 9)),
    "googlenet": (lambda: vision.googlenet(num_classes=5, aux_logits=False, init_weights=False), 224, (17, 0, 11)),
    "regnet_y_400mf": (lambda: vision.regnet_y_400mf(num_classes=5), 224, (17, 0, 12)),
    "shufflenet_v2": (lambda: vision.shufflenet_v2_x1_0(num_classes=5), 224, (17, 0, 9)),
    "mobilenet_v3_large": (lambda: vision.mobilenet_v3_large(num_classes=5), 224, (17, 0, 11)),
    "swin_t": (lambda: vision.swin_t(num_classes=5), 224, (17, 0, 12)),
    "vit_b_16": (lambda: vision.vit_b_16(num_classes=5), 224, (17, 0)),
    "convnext_tiny": (lambda: vision.convnext_tiny(num_classes=5), 224, (17, 0, 11)),
    "maxvit_t": (lambda: vision.maxvit_t(num_classes=5, input_size=(224, 224)), 224, (17, 0)),
    "swin_v2_t": (lambda: vision.swin_v2_t(num_classes=5), 256, (17, 0)),
    "squeezenet1_1": (lambda: vision.squeezenet1_1(num_classes=5), 224, (17, 0, 7)),
    "timm_coatnet_0": (lambda: timm.create_model("coatnet_0_rw_224", num_classes=5), 224, (17, 0)),
    "timm_deit_tiny": (lambda: timm.create_model("deit_tiny_patch16_224", num_classes=5), 224, (17, 0)),
    "timm_mobilevit_s": (lambda: timm.create_model("mobilevit_s", num_classes=5), 256, (17, 0)),
    "timm_tf_efficientnet_b0": (lambda: timm.create_model("tf_efficientnet_b0", num_classes=5), 224, (17, 0)),
    "timm_resnetv2_50x1": (lambda: timm.create_model("resnetv2_50x1_bit", num_classes=5), 224, (17, 0)),
}


def revived(model, *shape):
    """The model with statistics of a batch, and without zeros that would hide a part of it."""
    for name, parameter in model.named_parameters():
        with torch.no_grad():
            if re.search(r"gamma|layer_scale|\.ls\d", name):
                parameter.uniform_(0.3, 1)
            elif parameter.ndim > 1 and not parameter.any():
                parameter.normal_(0, 0.02)
            elif parameter.ndim == 1 and not parameter.any():
                parameter.normal_(0, 0.05)
            elif parameter.ndim == 1 and (parameter == 1).all():
                parameter.uniform_(0.8, 1.2)
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.momentum = None
    if norms:
        model.train()
        with torch.no_grad():
            model(torch.randn(shape))
    return model.eval()


def gradient(model, images, labels):
    """Logits, loss and the loss's gradient with respect to the images."""
    images = images.clone().requires_grad_()
    logits = model(images)
    loss = nn.functional.cross_entropy(logits, labels)
    loss.backward()
    return logits.detach().numpy(), loss.detach().numpy(), images.grad.numpy()


def reference(model, images, labels):
    """What PyTorch says of a batch."""
    logits, loss, single = gradient(model, images, labels)
    _, _, double = gradient(model.double(), images.double(), labels)
    return {
        "input": images.numpy(),
        "labels": labels.numpy(),
        "logits": logits,
        "loss": loss,
        "grad_input": single,
        "grad_double": double.astype(numpy.float32),
    }


def export(model, images, opset, file):
    """By the old exporter at an opset, or at 0 by the new one."""
    if opset:
        torch.onnx.export(
            model, images, file, dynamo=False, opset_version=opset,
            input_names=["input"], output_names=["logits"],
            dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}})
    else:
        torch.onnx.export(
            model, (images,), file, dynamo=True, external_data=False, verbose=False,
            input_names=["input"], output_names=["logits"], dynamic_shapes=({0: torch.export.Dim("batch")},))


class Separable(nn.Module):
    """A MobileNet as Keras has it, but for its layout: the twin of the graph that channels_last writes."""

    PLAN = ((32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 512, 2), (512, 512, 1))

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 3, 2, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for pair in
                                   [(32, 32)] + [(a, b) for a, b, _ in self.PLAN] for width in pair[:2])
        self.deep = nn.ModuleList(nn.Conv2d(a, a, 3, s, groups=a, bias=False) for a, _, s in self.PLAN)
        self.point = nn.ModuleList(nn.Conv2d(a, b, 1, bias=False) for a, b, _ in self.PLAN)
        self.head = nn.Linear(512, 5)

    @staticmethod
    def same(x, stride):
        # TensorFlow's SAME: at stride 2 and an even size the padding is behind
        return nn.functional.pad(x, (0, 1, 0, 1) if stride == 2 else (1, 1, 1, 1))

    def forward(self, x):
        x = nn.functional.relu6(self.norms[0](self.stem(self.same(x.permute(0, 3, 1, 2), 2))))
        for i, (_, _, stride) in enumerate(self.PLAN):
            x = nn.functional.relu6(self.norms[2 * i + 2](self.deep[i](self.same(x, stride))))
            x = nn.functional.relu6(self.norms[2 * i + 3](self.point[i](x)))
        return self.head(x.mean((2, 3)))


def channels_last(model, file):
    """The graph as tf2onnx writes it: channels last at the input, auto_pad, normalisation folded into the kernel (but
    left as it is after depthwise convolutions), ReLU6 as Clip or as Min of Relu, MatMul with Add, Softmax."""
    nodes, weights = [], []

    def constant(name, value):
        value = value.detach().numpy() if isinstance(value, torch.Tensor) else numpy.asarray(value)
        weights.append(onnx.numpy_helper.from_array(value, name))
        return name

    def node(operator, inputs, output, **attributes):
        nodes.append(onnx.helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def convolved(x, conv, name, *parameters):
        return node("Conv", [x, *parameters], name + "/conv", auto_pad="SAME_UPPER", strides=list(conv.stride),
                    group=conv.groups, kernel_shape=list(conv.kernel_size))

    def folded(x, conv, norm, name):
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        kernel = constant(name + "/kernel", conv.weight * factor[:, None, None, None])
        bias = constant(name + "/bias", norm.bias - norm.running_mean * factor)
        return node("Clip", [convolved(x, conv, name, kernel, bias), "zero", "six"], name + "/relu6")

    def unfolded(x, conv, norm, name):
        x = convolved(x, conv, name, constant(name + "/kernel", conv.weight))
        statistics = [constant(f"{name}/{part}", value) for part, value in (
            ("gamma", norm.weight), ("beta", norm.bias), ("mean", norm.running_mean), ("variance", norm.running_var))]
        x = node("BatchNormalization", [x] + statistics, name + "/norm", epsilon=norm.eps)
        return node("Min", [node("Relu", [x], name + "/relu"), "six"], name + "/relu6")

    constant("zero", torch.tensor(0.0))
    constant("six", torch.tensor(6.0))
    x = node("Transpose", ["input"], "nchw", perm=[0, 3, 1, 2])
    x = folded(x, model.stem, model.norms[0], "stem")
    for i in range(len(model.PLAN)):
        x = unfolded(x, model.deep[i], model.norms[2 * i + 2], f"deep_{i}")
        x = folded(x, model.point[i], model.norms[2 * i + 3], f"point_{i}")
    x = node("Transpose", [x], "nhwc", perm=[0, 2, 3, 1])
    x = node("ReduceMean", [x], "pooled", axes=[1, 2], keepdims=1)
    x = node("Squeeze", [x, constant("squeezed", numpy.array([1, 2], numpy.int64))], "features")
    x = node("MatMul", [x, constant("dense/kernel", model.head.weight.t().contiguous())], "dense")
    x = node("Add", [x, constant("dense/bias", model.head.bias)], "logits")
    node("Softmax", [x], "probabilities", axis=-1)
    graph = onnx.helper.make_graph(
        nodes, "keras",
        [onnx.helper.make_tensor_value_info("input", onnx.TensorProto.FLOAT, ["batch", 224, 224, 3])],
        [onnx.helper.make_tensor_value_info("probabilities", onnx.TensorProto.FLOAT, ["batch", 5])], weights)
    made = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)], ir_version=7)
    onnx.checker.check_model(made)
    onnx.save(made, file)


def main(folder, words):
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [(name, make, side, opset) for name, (make, side, opsets) in ZOO.items() for opset in opsets]
    tasks.append(("keras_nhwc", Separable, 224, 13))
    for name, make, side, opset in tasks:
        file = folder / "{}-{}.onnx".format(
            name, "tf13" if name == "keras_nhwc" else f"old{opset}" if opset else "dynamo")
        if file.with_suffix(".npz").exists() or (words and not any(word in file.name for word in words)):
            continue
        torch.manual_seed(20231)
        try:
            if name == "keras_nhwc":
                model = revived(make(), 4, side, side, 3)
                images = torch.randn(2, side, side, 3)
                if not file.exists():
                    channels_last(model, file)
            else:
                model = revived(make(), 4, 3, side, side)
                images = torch.randn(2, 3, side, side)
                if not file.exists():
                    export(model, images, opset, str(file))
        except Exception as error:  # an exporter's failure is its own; the others go on
            print(f"{file.name}: not exported: {type(error).__name__}: {str(error).strip().splitlines()[0][:160]}")
            file.unlink(missing_ok=True)
            continue
        numpy.savez(file.with_suffix(".npz"), **reference(model, images, torch.tensor([1, 3])))
        print(f"{file.name}: {file.stat().st_size >> 20} MiB", flush=True)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
