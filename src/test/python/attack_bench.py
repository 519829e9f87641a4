#!/usr/bin/env python3
"""Times the crafting of one universal perturbation to a fooling rate: Sclera, ART, and a plain loop in PyTorch.

    python attack_bench.py --grader resnet18.onnx --images FOLDER [--art FOLDER] [--sclera COMMAND]
                           [--sclera-options="--batch 8 --step 1"] [--target 1] [--count 64] [--rounds 3] [--epsilon 8/255]

FOLDER holds photographs of one size and a labels.csv (image,grade). All craft on the same images: diseased eyes that are
graded right, for one answer, "healthy", can fool all of these. The weights are the same: the graph of the ONNX file is
read into PyTorch, and logits are compared first. The grader is one whose pixels are (x - 0.5) / 0.5, of the operators
that a ResNet has. Preprocessing (bilinear, antialiased) is part of what each differentiates.

ART's is UniversalPerturbation with its FGSM inner attack, of each inner step that --art-steps says (in units of
epsilon), and with --art-deepfool its DeepFool too, as it is. The plain loop takes sign steps on batches of 8, of each size
that --loop-steps says, and stops after the pass that reaches the rate, as ART does. Sclera is given --stop-at, and what
each of --sclera-options says; it looks at pixels in 8 bits. The rate that is printed is measured alike for all: images
graded otherwise than clean, float pixels.

Seconds are those of the crafting alone. So are CPU seconds of the loops in Python; Sclera's are those of its process
less those of the same call again, which starts and finds the perturbation made: clean predictions and the derivation of
the gradient graph count. Contestants take turns, round by round. On a machine that has other work, compare CPU seconds,
with --threads 1: PyTorch's threads wait for each other busily.

Needs torch, onnx, onnxruntime, numpy and Pillow; for ART adversarial-robustness-toolbox (a checkout's folder will do).
"""

import argparse
import csv
import json
import os
import random
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from PIL import Image
from torch import nn
from torch.nn import functional as F


class Grader(nn.Module):
    """An ONNX classifier behind its preprocessing: [n,3,h,w] in [0,1] to logits."""

    def __init__(self, path):
        super().__init__()
        graph = onnx.load(path).graph
        self.weights = {w.name: torch.tensor(numpy_helper.to_array(w)) for w in graph.initializer}
        inputs = [value for value in graph.input if value.name not in self.weights]
        self.input, self.output = inputs[0].name, graph.output[0].name
        self.side = inputs[0].type.tensor_type.shape.dim[2].dim_value
        self.nodes = [(n.op_type, list(n.input), n.output[0],
                       {a.name: onnx.helper.get_attribute_value(a) for a in n.attribute}) for n in graph.node]

    def preprocessed(self, x):
        if x.shape[2] != self.side:
            x = F.interpolate(x, (self.side, self.side), mode="bilinear", antialias=True, align_corners=False)
        return (x - 0.5) / 0.5

    def forward(self, x):
        values = dict(self.weights)
        values[self.input] = self.preprocessed(x)
        for operator, inputs, output, attributes in self.nodes:
            values[output] = run(operator, [values[name] if name else None for name in inputs], attributes)
        return values[self.output]


def run(operator, given, attributes):
    pads = attributes.get("pads", [0, 0, 0, 0])
    if operator == "Conv":
        return F.conv2d(*given, stride=attributes["strides"], padding=pads[:2], groups=attributes.get("group", 1))
    if operator == "MaxPool":
        return F.max_pool2d(given[0], attributes["kernel_shape"], attributes["strides"], pads[:2])
    if operator == "Gemm":
        weight = given[1] if attributes.get("transB") else given[1].T
        return F.linear(given[0], weight, given[2])
    simple = {
        "Relu": torch.relu,
        "Add": torch.add,
        "Identity": lambda x: x,
        "Flatten": lambda x: x.flatten(1),
        "GlobalAveragePool": lambda x: x.mean((2, 3), keepdim=True),
    }
    if operator in simple:
        return simple[operator](*given)
    sys.exit(f"The operator {operator} is not known to this script.")


def children():
    """CPU seconds of the processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Bench:
    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = folder
        self.epsilon = float(Fraction(arguments.epsilon))
        self.model = Grader(arguments.grader).eval()
        self.images = self.chosen()
        with torch.no_grad():
            self.clean = self.model(self.images)
            fed = self.model.preprocessed(self.images).numpy()
        session = onnxruntime.InferenceSession(arguments.grader, providers=["CPUExecutionProvider"])
        apart = max(np.abs(session.run(None, {self.model.input: fed[i:i + 1]})[0] - self.clean[i].numpy()).max()
                    for i in range(8))
        print(f"logits of PyTorch and ONNX Runtime differ by {apart:.1e} at most")
        self.grades = self.clean.argmax(1)

    def chosen(self):
        """The first images of some grades that are graded right, put into a folder of their own for Sclera."""
        source = Path(self.arguments.images)
        rows = list(csv.DictReader(open(source / "labels.csv")))
        target = self.folder / "images"
        target.mkdir()
        pixels = []
        with open(target / "labels.csv", "w") as labels:
            labels.write("image,grade\n")
            for row in (row for row in rows if int(row["grade"]) in self.arguments.grades):
                file = next(source.rglob(row["image"]))
                image = np.asarray(Image.open(file).convert("RGB"), dtype=np.float32) / 255
                with torch.no_grad():
                    answer = self.model(torch.tensor(image).permute(2, 0, 1)[None]).argmax().item()
                if answer == int(row["grade"]):
                    shutil.copy(file, target / row["image"])
                    labels.write(f"{row['image']},{row['grade']}\n")
                    pixels.append(image)
                if len(pixels) == self.arguments.count:
                    break
        return torch.tensor(np.stack(pixels)).permute(0, 3, 1, 2).contiguous()

    def rate(self, delta):
        with torch.no_grad():
            return (self.model((self.images + delta).clamp(0, 1)).argmax(1) != self.grades).double().mean().item()

    def loop(self, step):
        """Sign ascent on the cross-entropy of the clean grades."""
        delta = torch.zeros(1, *self.images.shape[1:])
        for done in range(self.arguments.passes):
            for rows in torch.randperm(len(self.images)).split(8):
                moved = delta.clone().requires_grad_(True)
                loss = F.cross_entropy(self.model((self.images[rows] + moved).clamp(0, 1)), self.grades[rows])
                slope, = torch.autograd.grad(loss, moved)
                delta = (delta + step * self.epsilon * slope.sign()).clamp(-self.epsilon, self.epsilon)
            if self.rate(delta) >= self.arguments.target:
                break
        return delta

    def art(self, attacker, parameters):
        from art.attacks.evasion import UniversalPerturbation
        from art.estimators.classification import PyTorchClassifier

        classifier = PyTorchClassifier(self.model, nn.CrossEntropyLoss(), tuple(self.images.shape[1:]), 5,
                                       clip_values=(0.0, 1.0), device_type="cpu")
        attack = UniversalPerturbation(
            classifier, attacker=attacker, attacker_params={**parameters, "batch_size": 1},
            delta=1 - self.arguments.target, max_iter=self.arguments.passes, eps=self.epsilon, norm=np.inf,
            batch_size=32, verbose=False)
        attack.generate(self.images.numpy())
        return torch.tensor(attack.noise)

    def sclera(self, options):
        command = shlex.split(self.arguments.sclera)
        workspace = tempfile.mkdtemp(dir=self.folder)
        def call(*words):
            done = subprocess.run([*command, *words, "--workspace", workspace], capture_output=True, text=True)
            if done.returncode:
                sys.exit(done.stderr)
            return done.stdout
        call("import", str(self.folder / "images"), "--name", "bench", "--part", "train")
        call("model", "import", self.arguments.grader)
        name = Path(self.arguments.grader).stem
        used = [children()]
        started = time.perf_counter()
        for _ in range(2):
            crafted = json.loads(call(
                "craft", "--attack", self.arguments.attack, "--model", name, "--dataset", "bench", "--epsilon",
                self.arguments.epsilon, "--passes", str(self.arguments.passes), "--stop-at",
                str(self.arguments.target), *shlex.split(options), "--json"))
            used.append(children())
            whole = time.perf_counter() - started if len(used) == 2 else whole
        cpu = (used[1] - used[0]) - (used[2] - used[1])
        array = str(Path(workspace) / "delta.npy")
        call("perturbation", "export", crafted["id"], array)
        delta = torch.tensor(np.load(array)).permute(2, 0, 1)[None]
        return crafted["seconds"], cpu, delta, f"{crafted['evaluations']} evaluations; with its start {whole:.1f} s"

    def timed(self, craft):
        cpu, started = time.process_time(), time.perf_counter()
        delta = craft()
        return time.perf_counter() - started, time.process_time() - cpu, delta, ""

    def run(self):
        contestants = {}
        for options in self.arguments.sclera_options or [""]:
            contestants[f"sclera {self.arguments.attack} {options}"] = lambda options=options: self.sclera(options)
        for step in self.arguments.loop_steps:
            contestants[f"plain loop {step:g}"] = lambda step=step: self.timed(lambda: self.loop(step))
        for step in self.arguments.art_steps if self.arguments.art is not None else []:
            contestants[f"art fgsm {step:g}"] = lambda step=step: self.timed(
                lambda: self.art("fgsm", {"eps": step * self.epsilon}))
        if self.arguments.art is not None and self.arguments.art_deepfool:
            contestants["art deepfool"] = lambda: self.timed(
                lambda: self.art("deepfool", {"verbose": False}))
        print("contestant                        round   seconds   cpu seconds   fooling rate   load   remark")
        for turn in range(self.arguments.rounds):
            for name, craft in contestants.items():
                random.seed(turn)
                torch.manual_seed(turn)
                seconds, cpu, delta, remark = craft()
                assert delta.abs().max() <= self.epsilon * (1 + 1e-5), "outside of the bound"
                print(f"{name:<34}{turn:>5}{seconds:>10.1f}{cpu:>14.1f}{self.rate(delta):>15.2f}"
                      f"{os.getloadavg()[0]:>7.1f}   {remark}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grader", required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--art", help="a folder with the package art; '' where it is installed; left out: no ART")
    parser.add_argument("--art-steps", type=float, nargs="+", default=[1.0])
    parser.add_argument("--art-deepfool", action="store_true", help="ART with its DeepFool inner attack too: slow")
    parser.add_argument("--sclera", default="./sclera")
    parser.add_argument("--sclera-options", action="append", help="of craft, in one word; once for each contestant")
    parser.add_argument("--loop-steps", type=float, nargs="+", default=[0.1])
    parser.add_argument("--attack", default="pgd")
    parser.add_argument("--target", type=float, default=1.0)
    parser.add_argument("--grades", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--count", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--passes", type=int, default=40)
    parser.add_argument("--epsilon", default="8/255")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    if arguments.art:
        sys.path.insert(0, arguments.art)
    torch.set_num_threads(arguments.threads)
    with tempfile.TemporaryDirectory() as folder:
        Bench(arguments, Path(folder)).run()


if __name__ == "__main__":
    main()
