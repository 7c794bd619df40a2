"""How a package is built: its modules, rooms and floors, and the import arrows between them.

A room is a folder, or a module at the root of the package. An arrow goes from a room to a room that it imports from;
imports inside functions and under TYPE_CHECKING count. The floor of a room is the longest path from it to a room that
imports nothing, with every circle drawn together. `python -m tests.support.structure --root DIR` measures a checkout.
"""

from __future__ import annotations

import argparse
import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import resolve_name
from itertools import combinations
from pathlib import Path

Graph = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Import:
    """One import of a module: the line, what is imported, and whether it is carried out when the module is."""

    line: int
    name: str
    eager: bool


@dataclass(frozen=True)
class Module:
    """A module: its dotted name, the room that it is in, its imports, and its text."""

    name: str
    room: str
    imports: tuple[Import, ...]
    source: str


def modules_of(package: Path) -> dict[str, Module]:
    """Every module of a package by its dotted name, in the order of the names."""
    paths: dict[str, tuple[bool, Path]] = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        paths[".".join(parts[:-1] if is_package else parts)] = is_package, path
    found = {}
    for name, (is_package, path) in sorted(paths.items()):
        source = path.read_text(encoding="utf-8")
        # A module at the root is a room of its own, and so is the root itself.
        room = name if is_package or name.count(".") == 1 else name.rpartition(".")[0]
        room = room.partition(".")[2]
        found[name] = Module(name, room, tuple(imports_of(name, is_package, source, paths)), source)
    return found


def imports_of(name: str, is_package: bool, source: str, known: Collection[str]) -> Iterator[Import]:
    """What a module imports, by absolute names: `from a import b` is an import of a.b where a.b is known."""
    return imports_in(ast.parse(source), name if is_package else name.rpartition(".")[0], known)


def imports_in(tree: ast.Module, package: str, known: Collection[str]) -> Iterator[Import]:
    """What a module of a package that has been parsed imports, as `imports_of`."""
    eager = {id(node) for node in _eager(tree.body)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name, id(node) in eager) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module or ""
            names = {f"{base}.{a.name}" if f"{base}.{a.name}" in known else base for a in node.names}
            yield from (Import(node.lineno, target, id(node) in eager) for target in sorted(names))


def _eager(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Everything below the nodes that runs when the module is imported: no function, nothing under TYPE_CHECKING."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _eager(node.orelse)
        else:
            yield from _eager(ast.iter_child_nodes(node))


def module_graph(modules: Mapping[str, Module], eager_only: bool = False) -> dict[str, set[str]]:
    """The modules that each module imports, itself left out."""
    return {
        name: {found.name for found in module.imports if found.eager or not eager_only} & modules.keys() - {name}
        for name, module in modules.items()
    }


def room_graph(modules: Mapping[str, Module]) -> dict[str, set[str]]:
    """The rooms that each room imports from, itself left out."""
    graph: dict[str, set[str]] = {module.room: set() for module in modules.values()}
    for name, targets in module_graph(modules).items():
        room = modules[name].room
        graph[room] |= {modules[target].room for target in targets} - {room}
    return graph


def reachable(graph: Graph, start: str) -> set[str]:
    """Everything that a path of at least one arrow from `start` leads to."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for target in graph[waiting.pop()]:
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def circles(graph: Graph) -> list[tuple[str, ...]]:
    """The largest sets of nodes, of two or more, in which each reaches each other."""
    reach = {node: reachable(graph, node) for node in graph}
    found = {tuple(sorted(other for other in reach[node] if node in reach[other])) for node in graph}
    return sorted(circle for circle in found if len(circle) > 1)


def floors(graph: Graph) -> dict[str, int]:
    """The longest path from each node to a node without arrows, where a circle is one node; the lowest floor is 0."""
    home = {node: circle for circle in circles(graph) for node in circle}
    known: dict[str, int] = {}

    def floor(node: str) -> int:
        circle = home.get(node, (node,))
        if node not in known:
            outside = {target for member in circle for target in graph[member]} - set(circle)
            level = max((floor(target) + 1 for target in sorted(outside)), default=0)
            known.update(dict.fromkeys(circle, level))
        return known[node]

    return {node: floor(node) for node in graph}


def upward(graph: Graph) -> list[tuple[str, str]]:
    """The fewest arrows, the first such in alphabetical order, without which there is no circle."""
    found: list[tuple[str, str]] = []
    for circle in circles(graph):
        arrows = sorted((node, target) for node in circle for target in graph[node] if target in circle)
        inside = {node: {target for start, target in arrows if start == node} for node in circle}
        for chosen in (some for size in range(1, len(arrows)) for some in combinations(arrows, size)):
            left = {
                node: targets - {target for start, target in chosen if start == node}
                for node, targets in inside.items()
            }
            if not circles(left):
                found += chosen
                break
    return found


def main() -> None:
    """Print the measures of a checkout: one fact a line, then a table of the rooms from the top floor down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2], help="of the checkout")
    parser.add_argument("--package", default="invgen", help="the folder of the package inside it")
    options = parser.parse_args()
    modules = modules_of(options.root / options.package)
    inner, rooms = module_graph(modules), room_graph(modules)
    level = floors(rooms)
    number = Counter(module.room for module in modules.values())
    lines: Counter[str] = Counter()
    for module in modules.values():
        lines[module.room] += module.source.count("\n")
    print(f"modules          {len(modules)}")
    print(f"rooms            {len(rooms)}")
    print(f"floors           {max(level.values()) + 1}")
    print(f"arrows           {sum(map(len, rooms.values()))} between rooms, {sum(map(len, inner.values()))} of modules")
    print(f"upward arrows    {len(upward(rooms))}: {', '.join(' -> '.join(pair) for pair in upward(rooms)) or 'none'}")
    for title, graph in (
        ("rooms", rooms),
        ("modules", inner),
        ("modules, eager", module_graph(modules, eager_only=True)),
    ):
        found = circles(graph)
        print(f"circles of {title}: {len(found)}", *(f"  {', '.join(circle)}" for circle in found), sep="\n")
    print(f"lines            {sum(lines.values())}\n")
    print(f"{'floor':5}  {'room':28}{'modules':>8}{'lines':>7}  imports from")
    for room in sorted(rooms, key=lambda room: (-level[room], room)):
        targets = ", ".join(sorted(target or "(root)" for target in rooms[room]))
        print(f"{level[room]:5}  {room or '(root)':28}{number[room]:8}{lines[room]:7}  {targets}")


if __name__ == "__main__":
    main()
