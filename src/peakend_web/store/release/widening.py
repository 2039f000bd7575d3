"""What is told of a column that comes later, of people who are released already: they stay where they are counted, as
they were, and only what enough of them share is told of them.

To decide anew of everybody would count some of them where they were not counted before, and some not any more: whoever
keeps yesterday's figures subtracts, and has those few.
"""

from __future__ import annotations

import numpy as np

from .batches import Atoms, Flags, Whole, company, key_of


def hidden_values(atoms: Atoms, known: int, cell: int) -> Whole:
    """Of each atom which values of the columns from the `known`-th on are hidden (a bit a column). The columns before
    it stand as they were released; people and months are those of the released rows.
    """
    blocks = key_of(atoms.questions, atoms.months)
    shown, masks = list(atoms.values[:known]), np.zeros(len(blocks), np.int64)
    for at in range(known, len(atoms.values)):
        hidden = _few(blocks, atoms.values[at], atoms.people, cell)
        told = np.where(hidden, -1, atoms.values[at])
        stays = company(atoms.people, atoms.questions, atoms.months, (*shown, told), cell)
        hidden |= np.isin(blocks, blocks[~stays])
        shown.append(np.where(hidden, -1, atoms.values[at]))
        masks |= np.where(hidden, 1 << at, 0)
    return masks


def _few(blocks: Whole, values: Whole, people: Whole, cell: int) -> Flags:
    """Atoms whose value few share in their block; with them, where all of these are few, those of the next values."""
    cells = key_of(blocks, values)
    sizes = np.bincount(cells, people)
    hidden = sizes[cells] < cell
    for block in np.unique(blocks[hidden]):
        here = blocks == block
        for size, value in sorted({(int(sizes[each]), int(each)) for each in cells[here & ~hidden]}):
            if people[here & hidden].sum() >= cell:
                break
            del size
            hidden |= cells == value
    return np.asarray(hidden)
