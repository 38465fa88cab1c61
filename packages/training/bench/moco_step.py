"""One MoCo v2 pretraining step in PyTorch, which engine:bench times beside ours.

It stays alive: each number N on standard input is answered by a line of JSON with the median
milliseconds of N steps and the peak resident set. It needs torch and torchvision.
Usage: moco_step.py BATCH SIZE VARIANT PRECISION
VARIANT: eager | channels_last | compile, PRECISION: float32 | bf16
"""

import copy
import json
import resource
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision.models import resnet18

batch, size = map(int, sys.argv[1:3])
variant, precision = sys.argv[3:5]
torch.manual_seed(0)
query = resnet18(num_classes=128)
query.fc = nn.Sequential(nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 128))
if size <= 32:  # the stem for CIFAR
    query.conv1, query.maxpool = nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.Identity()
key = copy.deepcopy(query)
for parameter in key.parameters():
    parameter.requires_grad_(False)
queue, head = F.normalize(torch.randn(128, 4096), dim=0), 0
x_query, x_key = torch.randn(batch, 3, size, size), torch.randn(batch, 3, size, size)
if variant != "eager":
    query, key = (
        query.to(memory_format=torch.channels_last),
        key.to(memory_format=torch.channels_last),
    )
    x_query, x_key = (x.to(memory_format=torch.channels_last) for x in (x_query, x_key))
optimizer = torch.optim.SGD(query.parameters(), lr=0.03, momentum=0.9, weight_decay=1e-4)
q_net, k_net = (torch.compile(query), torch.compile(key)) if variant == "compile" else (query, key)


def network(net, x):
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
        y = net(x)
    return F.normalize(y.float(), dim=1)


def step():
    global head
    q = network(q_net, x_query)
    with torch.no_grad():
        for a, b in zip(query.parameters(), key.parameters()):
            b.mul_(0.999).add_(a, alpha=0.001)
        k = network(k_net, x_key)
    logits = torch.cat([(q * k).sum(1, keepdim=True), q @ queue], 1) / 0.2
    loss = F.cross_entropy(logits, torch.zeros(batch, dtype=torch.long))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    queue[:, head : head + batch] = k.T
    head = (head + batch) % 4096
    return loss.item()


for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps({"ms": statistics.median(times), "rssMiB": peak, "version": torch.__version__}),
        flush=True,
    )
