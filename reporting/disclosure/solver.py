"""The populations that fit what is shown, asked of HiGHS: how small, how large, and what would have to give way."""

from exitprogram.late import Late

highspy, np = Late("highspy"), Late("numpy")
CEILING = 100_000  # nobody has so many; keeps every question bounded
NEAR = 1e-6


class Unfit(Exception):
    """No population fits."""


class Populations:
    """Every assignment of numbers to the cells that adds up and keeps within its bounds."""

    def __init__(self, cells, sums, bounds):
        self.place = {cell: number for number, cell in enumerate(cells)}
        self.cells, self.bounds = list(cells), bounds
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("mip_max_nodes", 200)  # whoever finds none in so many hides a cell more
        low, high = (np.array([bounds[cell][end] for cell in self.cells], dtype=float) for end in (0, 1))
        self.highs.addVars(len(self.cells), low, np.minimum(high, CEILING))
        for one in sums:
            self._adds_up(one)
        self.kind = highspy.HighsVarType.kContinuous

    def _adds_up(self, one):
        columns = [self.place[one.whole], *(self.place[part] for part in one.parts)]
        values = [1.0] + [-1.0] * len(one.parts)
        self.highs.addRow(0.0, 0.0, len(columns), np.array(columns, dtype=np.int32), np.array(values))

    def fix(self, cell, low, high):
        self.highs.changeColBounds(self.place[cell], float(low), float(min(high, CEILING)))

    def with_this(self, cell, low, high, *, whole=False):
        """{cell: number} of a population in which this one lies within; {} when none was found."""
        column = self.place[cell]
        self.highs.changeColBounds(column, float(low), float(min(high, CEILING)))
        self._kinds(highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous)
        try:
            return self._solved(np.zeros(self.highs.getNumCol()))
        except Unfit:
            return {}
        finally:
            self._kinds(highspy.HighsVarType.kContinuous)
            self.highs.changeColBounds(column, *(float(min(end, CEILING)) for end in self.bounds[cell]))

    def _kinds(self, kind):
        if kind != self.kind:
            self.kind, count = kind, len(self.cells)
            kinds = np.full(count, int(kind), dtype=np.uint8)
            self.highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)

    def extreme(self, cells, *, largest):
        """{cell: number} of a population in which these are together as large, or as small, as can be."""
        cost = np.zeros(self.highs.getNumCol())
        cost[[self.place[cell] for cell in cells]] = -1.0 if largest else 1.0
        return self._solved(cost)

    def cheapest(self, costs):
        cost = np.zeros(self.highs.getNumCol())
        for column, value in costs.items():
            cost[column] = value
        return self._solved(cost)

    def _solved(self, cost):
        self.highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Unfit(str(self.highs.getModelStatus()))
        values = self.highs.getSolution().col_value
        self.last = values
        return dict(zip(self.cells, values, strict=False))


class Loosened(Populations):
    """The same, where shown cells may leave what is shown of them, at a price each: what gives way is to be hidden."""

    def __init__(self, cells, sums, bounds, prices):
        free = {cell: (0, CEILING) if cell in prices else bounds[cell] for cell in cells}
        super().__init__(cells, sums, free)
        self.over = {}
        for cell in prices:
            low, high = bounds[cell]
            first = self.highs.getNumCol()
            self.highs.addVars(2, np.zeros(2), np.full(2, float(CEILING)))
            columns = np.array([self.place[cell], first, first + 1], dtype=np.int32)
            self.highs.addRow(float(low), float(high), 3, columns, np.array([1.0, -1.0, 1.0]))
            self.over[cell] = (first, first + 1)
        self.prices = prices

    def giving_way(self):
        costs = {column: self.prices[cell] for cell, columns in self.over.items() for column in columns}
        self.cheapest(costs)
        return [cell for cell, columns in self.over.items() if max(self.last[column] for column in columns) > NEAR]
