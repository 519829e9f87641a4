"""Networks for `sclera bench`, and PyTorch's own speed on them.

    gradient_bench_zoo.py export FOLDER     five torchvision classifiers, random weights, 5 classes, as ONNX files
    gradient_bench_zoo.py time MODEL BATCH  one line of JSON: images/s of forward + input gradient, 2 threads, at
                                            PyTorch's better memory layout (the median of interleaved runs)
    gradient_bench_zoo.py train MODEL BATCH THREADS
                                            the same of a step of training: all parameters, statistics fixed, SGD with
                                            momentum 0.9 and weight decay 1e-4

Sclera runs it with MALLOC_MMAP_MAX_=0 and a large MALLOC_TRIM_THRESHOLD_: else the C library gives memory back and
pages it in again at every step, for up to half of the time.

Needs torch, torchvision and onnx. The folder belongs outside the repository: the files are large and say nothing.
"""

import json
import re
import statistics
import sys
import time
from pathlib import Path

import torch


def torchvision_models():
    """torchvision's models; where its compiled operators do not match torch, the classifiers do without them."""
    stubs = torch.library.Library("torchvision", "FRAGMENT")
    for _ in range(50):
        try:
            from torchvision import models

            return models
        except RuntimeError as error:
            missing = re.search(r"operator torchvision::(\w+) does not exist", str(error))
            if not missing:
                raise
            stubs.define(missing.group(1) + "(Tensor x) -> Tensor")
            for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
                del sys.modules[name]
    raise SystemExit("torchvision cannot be imported beside this torch")


NETWORKS = ["resnet18", "resnet50", "densenet121", "mobilenet_v2", "efficientnet_b0"]
THREADS = 2


def network(name):
    torch.manual_seed(7)
    model = getattr(torchvision_models(), name)(weights=None, num_classes=5).eval()
    # random weights as they are drawn let the signal die out in deep networks, and denormal numbers are slow:
    # statistics of real activations keep every layer alive
    model.train()
    with torch.no_grad():
        for _ in range(8):
            model(torch.randn(8, 3, 224, 224))
    return model.eval()


def export(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name in NETWORKS:
        torch.onnx.export(
            network(name),
            (torch.zeros(1, 3, 224, 224),),
            str(folder / f"{name}.onnx"),
            input_names=["images"],
            output_names=["logits"],
            dynamic_axes={"images": {0: "batch"}, "logits": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        print(folder / f"{name}.onnx")


def measure(name, batch, threads, training):
    torch.set_num_threads(threads)
    model = network(name).requires_grad_(training)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.0, momentum=0.9, weight_decay=1e-4)
    layouts = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
    labels = torch.randint(0, 5, (batch,))
    times = {layout: [] for layout in layouts}
    for repeat in range(6):
        for layout, memory_format in layouts.items():
            model = model.to(memory_format=memory_format)
            images = torch.rand(batch, 3, 224, 224).to(memory_format=memory_format).requires_grad_(not training)
            start = time.perf_counter()
            if training:
                optimiser.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(model(images), labels, reduction="sum").backward()
            if training:
                optimiser.step()
            if repeat:  # the first one warms up
                times[layout].append(time.perf_counter() - start)
    speeds = {layout: batch / statistics.median(taken) for layout, taken in times.items()}
    best = max(speeds, key=speeds.get)
    print(
        json.dumps(
            {
                "model": name,
                "batch": batch,
                "torch": torch.__version__,
                "layout": best,
                ("training" if training else "gradient") + "_images_per_second": speeds[best],
            }
        )
    )


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "export":
        export(Path(sys.argv[2]))
    elif len(sys.argv) == 4 and sys.argv[1] == "time":
        measure(sys.argv[2], int(sys.argv[3]), THREADS, training=False)
    elif len(sys.argv) == 5 and sys.argv[1] == "train":
        measure(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), training=True)
    else:
        sys.exit(__doc__)
