"""Langevin dynamics of many small cells at once with SevenNet-0 on one GPU; frames with their labels.

python data/lbs_sevennet/md_gpu.py INPUTS OUTPUTS [SECONDS]     (default 45 s of dynamics, after loading)

INPUTS/starts.jsonl: a line for each trajectory: {"name", "symbols", "positions" (Å), "cell" (Å, rows), "temperatures":
[[step, K], …] (straight lines between them, then kept)}. OUTPUTS/frames.jsonl: a line for each kept frame: name, step,
temperature, symbols, positions (Å, to 1e-5, which dynamics goes on from), cell, energy (eV), forces (eV/Å), stress
(eV/Å³, ASE's signs and order).
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import sevenn._keys as KEY
import torch
from ase.data import atomic_masses, atomic_numbers
from sevenn.atom_graph_data import AtomGraphData
from sevenn.calculator import SevenNetCalculator

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
STEP = 1.5  # fs
KEEP = 40  # steps between kept frames
FRICTION = 0.02  # 1/fs
TOGETHER = 3000  # atoms, of one graph: for the memory
LARGEST = 0.08  # Å a step: starts may have atoms too close
FS = 0.0982269  # ASE's time unit in 1/fs: 1 fs = 0.0982269 Å sqrt(u/eV)
KB = 8.617333e-5  # eV/K


class Batch:
    """Cells of any number of atoms as one graph."""

    def __init__(self, starts, calculator):
        self.model, self.cutoff = calculator.model, float(calculator.cutoff)
        self.model.set_is_batch_data(True)
        self.sizes = [len(s["symbols"]) for s in starts]
        most = max(self.sizes)
        numbers = [[atomic_numbers[x] for x in s["symbols"]] for s in starts]
        real = np.zeros((len(starts), most), bool)
        for row, n in zip(real, self.sizes, strict=True):
            row[:n] = True
        self.real = torch.tensor(real, device=DEVICE)  # (cells, most): not padding
        self.numbers = torch.tensor(np.concatenate(numbers), device=DEVICE)
        self.masses = torch.tensor(atomic_masses[np.concatenate(numbers)], device=DEVICE)[:, None]
        self.of = torch.tensor(np.repeat(np.arange(len(starts)), self.sizes), device=DEVICE)
        self.cells = torch.tensor(np.array([s["cell"] for s in starts]), dtype=torch.float64, device=DEVICE)
        self.volumes = torch.abs(torch.linalg.det(self.cells))
        widths = 1 / torch.linalg.norm(torch.linalg.inv(self.cells).transpose(1, 2), dim=2)
        assert float(widths.min()) > self.cutoff, "a cell is narrower than the cutoff"
        grid = torch.tensor([(i, j, k) for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)], device=DEVICE)
        self.images = torch.einsum("si,cij->csj", grid.double(), self.cells)  # (cells, 27, 3)

    def edges(self, positions):
        """Pairs within the cutoff: indices (2, edges) and vectors from the first to the second."""
        inverse = torch.linalg.inv(self.cells)
        fractions = torch.einsum("ni,nij->nj", positions, inverse[self.of])
        wrapped = torch.einsum("ni,nij->nj", fractions - fractions.floor(), self.cells[self.of])
        padded = torch.zeros((*self.real.shape, 3), dtype=torch.float64, device=DEVICE)
        padded[self.real] = wrapped
        index = torch.zeros(self.real.shape, dtype=torch.long, device=DEVICE)
        index[self.real] = torch.arange(len(self.of), device=DEVICE)
        sources, targets, vectors = [], [], []
        for first in range(0, len(self.sizes), 8):
            part = slice(first, first + 8)
            most = max(self.sizes[part])
            at, real = padded[part, :most], self.real[part, :most]
            difference = at[:, None, :, None, :] - at[:, :, None, None, :] + self.images[part][:, None, None, :, :]
            squared = (difference**2).sum(-1)
            near = (squared < self.cutoff**2) & (squared > 1e-12) & (real[:, None, :, None] & real[:, :, None, None])
            cell, i, j, _ = near.nonzero(as_tuple=True)
            sources.append(index[part][cell, i])
            targets.append(index[part][cell, j])
            vectors.append(difference[near])
        return torch.stack([torch.cat(sources), torch.cat(targets)]), torch.cat(vectors)

    def evaluate(self, positions):
        """Energies (cells,), forces (atoms, 3), stresses (cells, 6: ASE's signs and order)."""
        pairs, vectors = self.edges(positions)
        data = AtomGraphData(
            x=self.numbers,
            edge_index=pairs,
            pos=positions.float(),
            **{
                KEY.ATOMIC_NUMBERS: self.numbers,
                KEY.EDGE_VEC: vectors.float(),
                KEY.CELL_VOLUME: self.volumes.float(),
                KEY.NUM_ATOMS: torch.tensor(self.sizes, device=DEVICE),
                KEY.BATCH: self.of,
                KEY.INFO: {},
            },
        )
        out = self.model(data)
        stress = -out[KEY.PRED_STRESS][:, [0, 1, 2, 4, 5, 3]]
        return out[KEY.PRED_TOTAL_ENERGY].detach().flatten(), out[KEY.PRED_FORCE].detach().double(), stress.detach()


class Batches:
    """The same of any number of cells, in graphs of TOGETHER atoms."""

    def __init__(self, starts, calculator):
        groups = [[]]
        for start in starts:
            if sum(len(s["symbols"]) for s in groups[-1]) + len(start["symbols"]) > TOGETHER and groups[-1]:
                groups.append([])
            groups[-1].append(start)
        self.parts = [Batch(group, calculator) for group in groups]
        self.sizes = [n for part in self.parts for n in part.sizes]
        self.masses = torch.cat([part.masses for part in self.parts])
        firsts = np.cumsum([0, *(len(part.sizes) for part in self.parts)])
        self.of = torch.cat([part.of + int(first) for part, first in zip(self.parts, firsts[:-1], strict=True)])

    def evaluate(self, positions):
        found, at = [], 0
        for part in self.parts:
            n = sum(part.sizes)
            found.append(part.evaluate(positions[at : at + n]))
            at += n
        return [torch.cat(each) for each in zip(*found, strict=True)]


def temperatures(starts, step):
    """K of each cell at a step."""
    found = [np.interp(step, *zip(*s["temperatures"], strict=True)) for s in starts]
    return torch.tensor(found, dtype=torch.float64, device=DEVICE)


def kick(like, heat, batch):
    """Velocities of the temperatures (K) of the cells, Å in ASE's unit of time."""
    return torch.randn_like(like) * torch.sqrt(KB * heat[batch.of][:, None] / batch.masses)


def main():
    inputs, outputs = map(Path, sys.argv[1:3])
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 45.0
    outputs.mkdir(parents=True, exist_ok=True)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.manual_seed(17)
    with (inputs / "starts.jsonl").open() as file:
        starts = sorted(map(json.loads, file), key=lambda start: len(start["symbols"]))
    program = f"SevenNet-0 of sevenn {version('sevenn')}"
    begin = time.time()
    calculator = SevenNetCalculator("7net-0", device=DEVICE)
    batch = Batches(starts, calculator)
    atoms, spent = sum(batch.sizes), time.time() - begin
    print(f"{len(starts)} cells, {atoms} atoms on {DEVICE}, loaded in {spent:.1f} s", flush=True)
    x = torch.tensor(np.concatenate([s["positions"] for s in starts]), dtype=torch.float64, device=DEVICE)
    dt = STEP * FS
    damp = np.exp(-FRICTION * STEP)
    heat = temperatures(starts, 0)
    v = kick(x, heat, batch)
    energies, forces, stresses = batch.evaluate(x)
    begin, step, kept = time.time(), 0, 0
    firsts = np.cumsum([0, *batch.sizes])
    with open(outputs / "frames.jsonl", "w") as file:
        while time.time() - begin < seconds:
            step += 1  # BAOAB, a step of no atom longer than LARGEST
            v = v + forces / batch.masses * (dt / 2)
            move = v * (dt / 2)
            heat = temperatures(starts, step)
            v = damp * v + np.sqrt(1 - damp**2) * kick(x, heat, batch)
            move = move + v * (dt / 2)
            length = torch.linalg.norm(move, dim=1, keepdim=True).clamp(min=1e-12)
            x = x + move * torch.clamp(LARGEST / length, max=1.0)
            if step % KEEP == 0:
                x = torch.round(x, decimals=5)
            energies, forces, stresses = batch.evaluate(x)
            v = v + forces / batch.masses * (dt / 2)
            if step % KEEP == 0:
                kinetic = 0.5 * (batch.masses * v**2).sum(1)
                e, s, at, f, k = (q.cpu().double().numpy() for q in (energies, stresses, x, forces, kinetic))
                for n, start in enumerate(starts):
                    part = slice(firsts[n], firsts[n + 1])
                    line = {
                        "name": start["name"],
                        "step": step,
                        "temperature": round(float(k[part].mean() / (1.5 * KB)), 1),
                        "symbols": start["symbols"],
                        "positions": at[part].round(5).tolist(),
                        "cell": start["cell"],
                        "energy": round(float(e[n]), 5),
                        "forces": f[part].round(5).tolist(),
                        "stress": s[n].round(8).tolist(),
                        "program": program,
                    }
                    file.write(json.dumps(line) + "\n")
                    kept += 1
                file.flush()
                spent = time.time() - begin
                print(f"step {step}, {spent:.1f} s, {kept} frames, {k.mean() / 1.5 / KB:.0f} K", flush=True)


if __name__ == "__main__":
    main()
