"""Building programs: equal expressions become one value, trivial algebra disappears as it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from invgen.algebra.exact import ONE, ZERO, Surd
from invgen.errors import InputError
from invgen.ir.program import ARITHMETIC, Instruction, Program

MINUS_ONE = Surd.rational(-1)
TWO = Surd.rational(2)

_Key = tuple[str, int, int]
_SCALED = ("neg", "scale", "constant")
"""Operations whose sign or factor may move or disappear where their value is used."""


@lru_cache(maxsize=4096)
def _rational(value: Fraction | int) -> Surd:
    return Surd.rational(value)


def add_surds(left: Surd, right: Surd) -> Surd | None:
    """The sum of two surds where it is one: their ratio is rational, or one of them is zero; otherwise None."""
    if not left.sign:
        return right
    if not right.sign:
        return left
    if left == right:
        return TWO * left
    if left == -right:
        return ZERO
    ratio = (left * right.inverse()).as_fraction()
    return None if ratio is None else Surd.rational(ratio + 1) * right


class Builder:
    """Writes a `Program`, value by value; asking twice for the same expression gives the same id.

    Commutative operations have one argument order, signs move outwards until a subtraction absorbs them, and scalings
    merge. What is written after `mark()` can be priced (`cost_since`) and taken back (`rollback`).
    """

    def __init__(self) -> None:
        self._keys: list[_Key] = []  # value id -> (op, left, right); unused places are -1, constants are pool indices
        self._table: dict[_Key, int] = {}
        self._pool: list[Surd] = []
        self._pool_index: dict[Surd, int] = {}
        self._costs: list[int] = [0]  # arithmetic operations among the first i values
        self._inputs: list[tuple[str, int]] = []
        self._input_count = 0
        self._outputs: list[tuple[str, tuple[int, ...]]] = []

    # -- ends of the program ---------------------------------------------------------------------------------------

    def input(self, name: str, size: int) -> tuple[int, ...]:
        """Declare an input vector and return its value ids; all inputs come before anything else."""
        if len(self._keys) != self._input_count:
            raise InputError(f"input {name!r} comes after other values; declare all inputs first")
        if size < 0 or any(name == known for known, _ in self._inputs):
            raise InputError(f"input {name!r} of length {size}: names must differ and lengths must not be negative")
        self._inputs.append((name, size))
        ids = tuple(self._emit("input", self._input_count + index, -1) for index in range(size))
        self._input_count += size
        return ids

    def output(self, name: str, ids: Iterable[int]) -> None:
        """Declare an output vector made of the given values."""
        values = tuple(ids)
        if any(name == known for known, _ in self._outputs):
            raise InputError(f"output {name!r} is declared twice; names must differ")
        if any(not 0 <= value < len(self._keys) for value in values):
            raise InputError(f"output {name!r} refers to values that do not exist")
        self._outputs.append((name, values))

    def build(self) -> Program:
        """The program, in the order it was written, without values that no output needs."""
        keys = self._keys
        needed = [index < self._input_count for index in range(len(keys))]
        for _, ids in self._outputs:
            for value in ids:
                needed[value] = True
        for index in range(len(keys) - 1, self._input_count - 1, -1):
            if needed[index]:
                for arg in self.arguments(index):
                    needed[arg] = True
        place: dict[int, int] = {}
        instructions: list[Instruction] = []
        for index, wanted in enumerate(needed):
            if wanted:
                place[index] = len(instructions)
                args = tuple(place[arg] for arg in self.arguments(index))
                instructions.append(Instruction(keys[index][0], args, self.constant_of(index)))
        outputs = tuple((name, tuple(place[value] for value in ids)) for name, ids in self._outputs)
        return Program(tuple(self._inputs), tuple(instructions), outputs)

    # -- looking at values -----------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._keys)

    def op(self, value: int) -> str:
        """The operation that makes a value."""
        return self._keys[value][0]

    def arguments(self, value: int) -> tuple[int, ...]:
        """The values that a value is made from."""
        op, left, right = self._keys[value]
        if op in ("input", "constant"):
            return ()
        return (left,) if op in ("neg", "scale") else (left, right)

    def constant_of(self, value: int) -> Surd | None:
        """The exact constant of a "constant" or "scale" value, otherwise None."""
        op, left, right = self._keys[value]
        if op == "constant":
            return self._pool[left]
        return self._pool[right] if op == "scale" else None

    def split(self, value: int) -> tuple[Surd, int]:
        """A factor and a value whose product is `value`, the factor as large as the last scaling or sign allows."""
        op, left, right = self._keys[value]
        if op == "neg":
            return MINUS_ONE, left
        if op == "scale":
            return self._pool[right], left
        return ONE, value

    def exists(self, op: str, left: int, right: int = -1) -> bool:
        """Whether a two-argument operation on these values has been written already."""
        if op in ("add", "mul") and left > right:
            left, right = right, left
        return (op, left, right) in self._table

    # -- taking back -----------------------------------------------------------------------------------------------

    def mark(self) -> int:
        """A point to which `rollback` can return."""
        return len(self._keys)

    def cost_since(self, mark: int) -> int:
        """The number of arithmetic operations written since `mark`."""
        return self._costs[-1] - self._costs[mark]

    def rollback(self, mark: int) -> None:
        """Forget every value written since `mark`; raises `InputError` where an output needs one of them."""
        if mark < self._input_count:
            raise InputError("inputs cannot be rolled back; take the mark after the last input")
        if any(value >= mark for _, ids in self._outputs for value in ids):
            raise InputError("an output refers to a value written after the mark; declare outputs last")
        for key in self._keys[mark:]:
            del self._table[key]
        del self._keys[mark:]
        del self._costs[mark + 1 :]

    def cheapest(self, ways: Sequence[Callable[[], object]]) -> int:
        """The number of the way that adds the fewest operations, the first of equals; nothing of them stays written."""
        costs = []
        for way in ways:
            mark = self.mark()
            way()
            costs.append(self.cost_since(mark))
            self.rollback(mark)
        return costs.index(min(costs))

    # -- arithmetic ------------------------------------------------------------------------------------------------

    def constant(self, value: Surd | Fraction | int) -> int:
        """The constant itself as a value."""
        return self._emit("constant", self._intern(value if isinstance(value, Surd) else Surd.rational(value)), -1)

    def neg(self, a: int) -> int:
        """The negative of a."""
        op, left, right = self._keys[a]
        if op == "neg":
            return left
        if op == "constant":
            return self.constant(-self._pool[left])
        if op == "scale":
            return self._emit("scale", left, self._intern(-self._pool[right]))
        if op == "sub" and ("sub", right, left) in self._table:
            return self._table["sub", right, left]
        return self._emit("neg", a, -1)

    def scale(self, c: Surd | Fraction | int, a: int) -> int:
        """The exact constant c times a."""
        factor = c if isinstance(c, Surd) else Surd.rational(c)
        if not factor.sign:
            return self.constant(ZERO)
        op, left, _ = self._keys[a]
        if op == "constant":
            return self.constant(factor * self._pool[left])
        if op in ("neg", "scale"):
            inner, a = self.split(a)
            factor = factor * inner
        if factor == ONE:
            return a
        if factor == MINUS_ONE:
            return self.neg(a)
        return self._emit("scale", a, self._intern(factor))

    def add(self, a: int, b: int) -> int:
        """The sum a + b."""
        if a == b:
            return self.scale(TWO, a)
        return self._plus(a, b, negative=False)

    def sub(self, a: int, b: int) -> int:
        """The difference a - b."""
        if a == b:
            return self.constant(ZERO)
        return self._plus(a, b, negative=True)

    def mul(self, a: int, b: int) -> int:
        """The product a · b."""
        if self._keys[a][0] not in _SCALED and self._keys[b][0] not in _SCALED:
            return self._emit("mul", *((a, b) if a <= b else (b, a)))
        for value, other in ((a, b), (b, a)):
            if self._keys[value][0] == "constant":
                return self.scale(self._pool[self._keys[value][1]], other)
        if self._keys[a][0] == "neg":
            return self.neg(self.mul(self._keys[a][1], b))
        if self._keys[b][0] == "neg":
            return self.neg(self.mul(a, self._keys[b][1]))
        (left_factor, left), (right_factor, right) = self.split(a), self.split(b)
        # A scaling is pulled out only where that product is there already: otherwise it would cost an operation.
        if (left != a or right != b) and not self.exists("mul", a, b) and self.exists("mul", left, right):
            return self.scale(left_factor * right_factor, self.mul(left, right))
        return self._emit("mul", *((a, b) if a <= b else (b, a)))

    def sum(self, values: Iterable[int]) -> int:
        """The sum of values; equal ones merge and common factors are taken out. The empty sum is the constant 0."""
        return self.combine((ONE, value) for value in values)

    def combine(self, terms: Iterable[tuple[Surd | Fraction | int, int]]) -> int:
        """The linear combination Σ c·v, one scaling for each distinct |c|, without scaling each term first."""
        return self.scale(*self.combine_factored(terms))

    def combine_factored(self, terms: Iterable[tuple[Surd | Fraction | int, int]]) -> tuple[Surd, int]:
        """As `combine`, but as a factor and a value, so that a caller can postpone or merge the factor."""
        groups = self._by_factor(self._collect(terms))
        if not groups:
            return ONE, self.constant(ZERO)
        parts = [(factor, *self._signed_sum(members)) for factor, members in groups]
        if len(parts) == 1:
            factor, sign, value = parts[0]
            return (factor if sign > 0 else -factor), value
        # Start with a term that needs no sign, so that the rest are additions or subtractions.
        parts.sort(key=lambda part: part[1] < 0)
        factor, sign, value = parts[0]
        total = self.scale(factor if sign > 0 else -factor, value)
        for factor, sign, value in parts[1:]:
            scaled = self.scale(factor, value)
            total = self.add(total, scaled) if sign > 0 else self.sub(total, scaled)
        return ONE, total

    def dot(self, left: Sequence[int], right: Sequence[int]) -> int:
        """Σ left·right over two equally long lists of values."""
        if len(left) != len(right):
            raise InputError(f"a dot product needs lists of one length, got {len(left)} and {len(right)}")
        return self.sum(self.mul(a, b) for a, b in zip(left, right, strict=True))

    def apply(self, op: str, args: Sequence[int], constant: Surd | None = None) -> int:
        """The arithmetic or constant instruction `op` of a program, written here."""
        if op == "mul":
            return self.mul(args[0], args[1])
        if op == "add":
            return self.add(args[0], args[1])
        if op == "sub":
            return self.sub(args[0], args[1])
        if op == "neg":
            return self.neg(args[0])
        if constant is not None and op == "scale":
            return self.scale(constant, args[0])
        if constant is not None and op == "constant":
            return self.constant(constant)
        raise InputError(f"{op!r} of {len(args)} values is not an instruction to write; use {ARITHMETIC} or 'constant'")

    def reversed_sub(self, a: int, b: int) -> int:
        """The value b - a where a caller knows that a - b is not needed: it is written directly, not as -(a - b)."""
        known = self._table.get(("sub", a, b))
        if known is None or self.exists("sub", b, a):
            return self.sub(b, a)
        return self._emit("sub", b, a)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _intern(self, constant: Surd) -> int:
        index = self._pool_index.get(constant)
        if index is None:
            index = self._pool_index[constant] = len(self._pool)
            self._pool.append(constant)
        return index

    def _emit(self, op: str, left: int, right: int) -> int:
        key = (op, left, right)
        known = self._table.get(key)
        if known is not None:
            return known
        self._table[key] = value = len(self._keys)
        self._keys.append(key)
        self._costs.append(self._costs[-1] + (op != "input" and op != "constant"))
        return value

    def _is_zero(self, value: int) -> bool:
        op, index, _ = self._keys[value]
        return op == "constant" and not self._pool[index].sign

    def _plus(self, a: int, b: int, *, negative: bool) -> int:
        """Sum or difference of two values after moving signs out, cancelling, and taking out a common factor."""
        if a != b and self._keys[a][0] not in _SCALED and self._keys[b][0] not in _SCALED:
            return self._plus_plain(a, b, negative=negative)
        (a_factor, a_base), (b_factor, b_base) = self.split(a), self.split(b)
        signed_b = -b_factor if negative else b_factor
        if a_base == b_base:
            total = add_surds(a_factor, signed_b)
            if total is not None:
                return self.scale(total, a_base)
        if self._is_zero(b):
            return a
        if self._is_zero(a):
            return self.neg(b) if negative else b
        if self._keys[a][0] == "constant" and self._keys[b][0] == "constant":
            left, right = self._pool[self._keys[a][1]], self._pool[self._keys[b][1]]
            constant = add_surds(left, -right if negative else right)
            if constant is not None:
                return self.constant(constant)
        if a_factor == b_factor and a_factor != ONE:
            return self.scale(a_factor, self._plus(a_base, b_base, negative=negative))
        if a_factor == -b_factor and a_factor not in (ONE, MINUS_ONE):
            return self.scale(a_factor, self._plus(a_base, b_base, negative=not negative))
        if b_factor.sign < 0:
            return self._plus(a, self.neg(b), negative=not negative)
        if a_factor.sign < 0:
            if negative:
                return self.neg(self._plus(self.neg(a), b, negative=False))
            return self._plus(b, self.neg(a), negative=True)
        return self._plus_plain(a, b, negative=negative)

    def _plus_plain(self, a: int, b: int, *, negative: bool) -> int:
        """Sum or difference of two values that have nothing in common."""
        if not negative:
            return self._emit("add", *((a, b) if a <= b else (b, a)))
        if ("sub", b, a) in self._table and ("sub", a, b) not in self._table:
            return self._emit("neg", self._table["sub", b, a], -1)
        return self._emit("sub", a, b)

    def _collect(self, terms: Iterable[tuple[Surd | Fraction | int, int]]) -> list[tuple[Surd, int]]:
        """Terms with one entry for each base value (two where their factors have no common radical)."""
        collected: dict[int, list[Surd]] = {}
        for c, value in terms:
            new = c if isinstance(c, Surd) else _rational(c)
            op, left, right = self._keys[value]
            base = value
            if op == "neg":
                new, base = -new, left
            elif op == "scale":
                new, base = new * self._pool[right], left
            factors = collected.get(base)
            if factors is None:
                collected[base] = [new]
                continue
            for index, factor in enumerate(factors):
                total = add_surds(factor, new)
                if total is not None:
                    factors[index] = total
                    break
            else:
                factors.append(new)
        return [(factor, base) for base in sorted(collected) for factor in collected[base] if factor.sign]

    def _by_factor(self, terms: list[tuple[Surd, int]]) -> list[tuple[Surd, list[tuple[int, int]]]]:
        """Terms grouped by |factor|, in order of first appearance: (factor, [(sign, value), ...])."""
        groups: dict[Surd, list[tuple[int, int]]] = {}
        for factor, value in terms:
            groups.setdefault(abs(factor), []).append((factor.sign, value))
        return list(groups.items())

    def _signed_sum(self, members: list[tuple[int, int]]) -> tuple[int, int]:
        """(sign, value) of Σ ±v: the first positive member leads; all negative members give one sign outside."""
        positive = [value for sign, value in members if sign > 0]
        negative = [value for sign, value in members if sign < 0]
        if not positive:
            positive, negative, outer = negative, [], -1
        else:
            outer = 1
        total = positive[0]
        for value in positive[1:]:
            total = self.add(total, value)
        for value in negative:
            total = self.sub(total, value)
        return outer, total
