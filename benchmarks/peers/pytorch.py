"""PyTorch's run of compare.sh: arguments are MNIST's folder, batch size and threads."""

import gzip
import json
import statistics
import sys
import time

import torch
from torch import nn

WARM_UP_EPOCHS = 1
MEASURED_EPOCHS = 4


def read(path, header):
    with gzip.open(path) as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)[header:]


def epoch(network, optimizer, images, targets, batch_size):
    """Trains on all samples in a new random order; returns samples a second."""
    start = time.perf_counter()
    for rows in torch.randperm(len(images)).split(batch_size):
        output = network(images.index_select(0, rows))
        target = targets.index_select(0, rows)
        loss = nn.functional.mse_loss(output, target, reduction="sum") / (2 * len(rows))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return len(images) / (time.perf_counter() - start)


def main():
    folder, batch_size, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    images = read(f"{folder}/train-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28) / 255
    labels = read(f"{folder}/train-labels-idx1-ubyte.gz", 8).long()
    targets = nn.functional.one_hot(labels, 10).float()
    network = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 12, 5), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(192, 10), nn.Sigmoid(),
    )  # fmt: skip
    optimizer = torch.optim.SGD(network.parameters(), lr=1)
    rates = [
        epoch(network, optimizer, images, targets, batch_size)
        for _ in range(WARM_UP_EPOCHS + MEASURED_EPOCHS)
    ][WARM_UP_EPOCHS:]
    line = {
        "system": "pytorch",
        "version": torch.__version__,
        "jdk": None,
        "threads": threads,
        "batchSize": batch_size,
        "samplesPerSecond": round(statistics.median(rates)),
        "minSamplesPerSecond": round(min(rates)),
        "maxSamplesPerSecond": round(max(rates)),
    }
    print(json.dumps(line, separators=(",", ":")))


main()
