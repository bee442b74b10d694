"""PyTorch's run of compare.sh: arguments are MNIST's folder, batch size, threads and network."""

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


def squared_error(output, labels):
    targets = nn.functional.one_hot(labels, 10).float()
    return nn.functional.mse_loss(output, targets, reduction="sum") / (2 * len(labels))


def mnist(folder):
    images = read(f"{folder}/train-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28) / 255
    labels = read(f"{folder}/train-labels-idx1-ubyte.gz", 8).long()
    return images, labels


def colours():
    return torch.rand(2048, 3, 32, 32), torch.randint(10, (2048,))


def zhang():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 12, 5), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(192, 10), nn.Sigmoid(),
    )  # fmt: skip


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 120, 5), nn.ReLU(), nn.Flatten(),
        nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def vgg_small():
    def pair(channels, maps):
        return [
            nn.Conv2d(channels, maps, 3, padding=1), nn.ReLU(),
            nn.Conv2d(maps, maps, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        ]  # fmt: skip

    return nn.Sequential(
        *pair(3, 32), *pair(32, 64), *pair(64, 128), nn.Flatten(), nn.Dropout(0.3),
        nn.Linear(2048, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10),
    )  # fmt: skip


def epoch(network, loss_of, optimizer, images, labels, batch_size):
    """Trains on all samples in a new random order; returns samples a second."""
    start = time.perf_counter()
    for rows in torch.randperm(len(images)).split(batch_size):
        output = network(images.index_select(0, rows))
        loss = loss_of(output, labels.index_select(0, rows))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return len(images) / (time.perf_counter() - start)


def main():
    folder, batch_size, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    name = sys.argv[4]
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    images, labels = colours() if name == "vgg-small" else mnist(folder)
    network = {"zhang": zhang, "lenet5": lenet5, "vgg-small": vgg_small}[name]()
    loss_of = squared_error if name == "zhang" else nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(network.parameters(), lr=1 if name == "zhang" else 0.01)
    rates = [
        epoch(network, loss_of, optimizer, images, labels, batch_size)
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
