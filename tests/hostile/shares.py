"""How much of what is hostile one run tries, and what came of it. The suite takes a share, ``make hostile`` all."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Share:
    seed: int = 9
    texts: int = 40
    files: int = 60
    formulas: int = 500
    papers: int = 80
    every_role: bool = False
    told: Counter = field(default_factory=Counter)

    def tell(self, **numbers):
        self.told.update(numbers)


WHOLE = {"texts": 300, "files": 300, "formulas": 5000, "papers": 10_000, "every_role": True}
