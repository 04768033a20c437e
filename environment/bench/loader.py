"""torchvision's CIFAR-10 loader on the binary files in ADADIFF_DATA: crop, flip, normalise, batches of 128, two workers."""
import os
import time

import numpy
import torch
from torchvision import datasets, transforms

import measurement

WORKERS = 2
BATCHES = 200


class BinaryCifar10(datasets.CIFAR10):
    """torchvision's own data set, whose pickled files are replaced by the binary ones; the rest is inherited."""

    def __init__(self, directory, transform):
        files = [os.path.join(directory, "cifar-10-batches-bin", f"data_batch_{part}.bin") for part in range(1, 6)]
        records = numpy.concatenate([numpy.fromfile(file, numpy.uint8).reshape(-1, 3073) for file in files])
        self.targets = records[:, 0].tolist()
        self.data = numpy.ascontiguousarray(records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
        self.transform, self.target_transform = transform, None


def main():
    measurement.set_threads()
    transform = transforms.Compose([
        transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
        transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010))])
    dataset = BinaryCifar10(os.environ["ADADIFF_DATA"], transform)
    loader = torch.utils.data.DataLoader(dataset, batch_size=128, shuffle=True, num_workers=WORKERS)
    batches = iter(loader)
    for _ in range(2 * WORKERS):  # what the workers prepared while they started
        next(batches)
    start = time.perf_counter()
    count = 0
    for images, _ in batches:
        count += len(images)
        if count >= 128 * BATCHES:
            break
    measurement.emit("input cifar batches", "torchvision, 2 workers", count / (time.perf_counter() - start), "images/s")


if __name__ == "__main__":
    main()
