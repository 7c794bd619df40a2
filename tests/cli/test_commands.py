from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import invgen
from invgen.basis import generation
from invgen.basis.basis import Basis
from invgen.cli import commands, main
from invgen.errors import InvgenError
from invgen.reduction.options import OPTIONS
from invgen.runtime.build.prebuilt import MARCHES
from invgen.show import tables
from invgen.spaces import conventions

Run = Callable[..., tuple[int, str, str]]
Change = Callable[[dict[str, Any]], None]

GENERATE = ("generate", "1o + 2e", "--max-degree", "4")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: exit code, standard output, standard error."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = main([str(a) for a in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def file(tmp_path: Path, run: Run) -> Path:
    path = tmp_path / "basis.json"
    assert run(*GENERATE, "-o", path)[0] == 0
    return path


def environment() -> dict[str, str]:
    """That of a user whose output is buffered, as it is by default."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**kept, "PYTHONPATH": str(Path(invgen.__file__).parents[1])}


def process(*arguments: str, code: str | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `python -m invgen`, or Python code, in a process of its own."""
    command = [sys.executable, *(("-m", "invgen") if code is None else ("-c", code)), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment(), **options)


def assert_refused(result: tuple[int, str, str], *words: str) -> None:
    """Exit code 2, nothing on standard output, one sentence on standard error that has the words."""
    code, out, err = result
    assert (code, out) == (2, "")
    assert err.startswith("invgen: ") and err.count("\n") == 1 and err.endswith("\n")
    for word in words:
        assert word in err, f"{word!r} not in {err!r}"


# --- what the commands do --------------------------------------------------------------------------------------------


def test_generate_writes_what_the_library_saves_and_says_so_in_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    code, out, err = run("generate", "0e + 1o + 2e + 3o", "--max-degree", "4", "-o", path)
    basis = invgen.generate(invgen.TensorSpace("0e + 1o + 2e + 3o"), 4)
    assert (code, err) == (0, "")
    assert out == f"{path}: 13 invariants, rank 13 of 13, id {basis.id}\n"
    assert Basis.load(path) == basis
    assert sorted(tmp_path.iterdir()) == [path]


def test_generate_passes_every_option_on(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    options = ("--group", "SO3", "--select", "linear", "--convention", "e3nn", "--order", "degree")
    assert run("generate", "v:1o + q:2e", "--max-degree", 3, *options, "--forms", "contraction", "-o", path)[0] == 0
    space = invgen.TensorSpace("v:1o + q:2e", group="SO3")
    assert Basis.load(path) == invgen.generate(space, 3, select="linear", convention="e3nn")


def test_strata_append_what_symmetric_inputs_need(run: Run, tmp_path: Path) -> None:
    path, space = tmp_path / "b.json", invgen.TensorSpace("c:1e + a:4e + b:6e", "SO2")
    assert run("generate", str(space), "--group", "SO2", "--max-degree", 5, "--strata", "-o", path)[0] == 0
    assert Basis.load(path) == invgen.generate(space, 5, strata=True) != invgen.generate(space, 5)
    code, out, _ = run("verify", path)
    assert code == 0 and "symmetry strata are not zero" in out
    options = ("--max-degree", 5, "--strata", "--select", "linear")
    assert_refused(run("generate", "1o", *options, "-o", path), "strata=True", "independent")


def test_the_cheapest_forms_are_written_shown_and_verified(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    assert run("generate", "v:1o + w:4e", "--max-degree", 4, "--forms", "cheapest", "-o", path)[0] == 0
    assert Basis.load(path) == invgen.generate(invgen.TensorSpace("v:1o + w:4e"), 4, forms="cheapest")
    code, out, _ = run("show", path)
    assert code == 0 and "cheapest forms" in out and "v[i] v[i]" in out and "((w,w)4,w)0" in out
    assert run("verify", path)[0] == 0


def test_a_contractions_file_is_kept_as_given(run: Run, tmp_path: Path) -> None:
    given = tmp_path / "list.txt"
    given.write_text("# by hand\n\nij,ij q,q   # the norm\n  i,ij,j   v,q,v\ns\n,i,i s,v,v\n", encoding="utf-8")
    path = tmp_path / "b.json"
    code, out, _ = run("generate", "s:0e + v:1o + q:2e", "--contractions", given, "-o", path)
    basis = Basis.load(path)
    assert code == 0 and "4 invariants, rank 4 of 6" in out
    assert [str(m) for m in basis] == ["ij,ij q,q", "i,ij,j v,q,v", "s", ",i,i s,v,v"]
    assert basis.select == "given"


def test_a_contractions_file_may_hold_trees_with_structural_tensors(run: Run, tmp_path: Path) -> None:
    given = tmp_path / "list.txt"
    given.write_text("ij,ij q,q\n((q,q)4,@4e)0  # cubic\n((v,q)3,@3o)0\n", encoding="utf-8")
    path = tmp_path / "b.json"
    code, out, _ = run("generate", "v:1o + q:2e", "--group", "Td", "--contractions", given, "-o", path)
    assert code == 0 and "3 invariants, rank 3 of 8" in out
    assert [str(m) for m in Basis.load(path)] == ["ij,ij q,q", "((q,q)4,@4e)0", "((v,q)3,@3o)0"]
    assert run("verify", path)[0] == 0
    given.write_text("ij,ij q,q\n((q,q)4,@4o)0\n", encoding="utf-8")
    result = run("generate", "v:1o + q:2e", "--group", "Td", "--contractions", given, "-o", path)
    assert_refused(result, "line 2", "'@4o'")


def test_show_prints_the_facts_and_each_member(run: Run, file: Path) -> None:
    code, out, err = run("show", file)
    assert (code, err) == (0, "")
    assert out == tables.text(Basis.load(file))
    assert "5 of 5" in out and "l1[i] l2[ij] l1[j]" in out


def test_show_prints_the_report(run: Run, file: Path) -> None:
    assert run("show", file, "--report") == (0, f"{Basis.load(file).report()}\n", "")


def test_generate_makes_flexible_selections(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "flexible.json"
    code, out, _ = run(
        *("generate", "1o + 2e + 3o", "--max-degree", "10", "--select", "flexible", "--flexible", "minimal-set"),
        "-o",
        target,
    )
    assert code == 0 and "14 invariants, rank 12 of 12" in out
    code, out, _ = run("verify", target)
    assert code == 0 and "every tensor alone and every such pair has full rank" in out


@pytest.mark.parametrize("style", ["latex", "markdown", "csv", "html"])
def test_table_prints_or_writes_the_same_bytes(run: Run, file: Path, tmp_path: Path, style: str) -> None:
    target = tmp_path / "table.out"
    assert run("table", file, "--style", style, "-o", target) == (0, "", "")
    expected = Basis.load(file).table(style)
    assert target.read_bytes() == expected.encode()
    assert run("table", file, "--style", style) == (0, expected, "")


def test_table_writes_matrix_products_on_request(run: Run, tmp_path: Path) -> None:
    path = generation.generate(invgen.TensorSpace("S:2e + R:1e"), 3, select="integrity").save(tmp_path / "strain.json")
    code, out, err = run("table", path, "--form", "matrix", "--style", "csv")
    assert (code, err) == (0, "")
    assert r"-6 \operatorname{tr}(S R^{2})" in out
    assert run("table", path) == run("table", path, "--form", "expression")


def test_the_default_style_is_markdown(run: Run, file: Path) -> None:
    assert run("table", file) == run("table", file, "--style", "markdown")


def test_verify_prints_each_claim_of_a_true_file_as_ok(run: Run, file: Path) -> None:
    code, out, err = run("verify", file)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) == 1 + len(Basis.load(file).verify())
    assert all(line.startswith("ok ") for line in lines)


@pytest.mark.torch
def test_package_writes_a_package_named_like_its_folder(run: Run, file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "small_basis"
    code, out, err = run("package", file, "-o", folder)
    assert (code, err) == (0, "")
    assert out == f"{folder}: 5 invariants, id {Basis.load(file).id}\n"
    assert json.loads((folder / "MANIFEST.json").read_text())["name"] == "small_basis"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["basis.json", "small_basis"]


def test_cost_prints_a_row_for_each_function(run: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "basis.json")
    run(*GENERATE, "-o", file)
    code, out, err = run("cost", file)
    head, *rows = out.splitlines()
    assert (code, err) == (0, "")
    assert [row.split()[0] for row in rows] == ["value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp"]
    operations, *kinds = (int(number) for number in rows[0].split()[1:6])
    assert operations == sum(kinds) > 0
    assert head.split()[:3] == ["function", "operations", "sums"]


@pytest.mark.torch
def test_doctor_names_everything_that_invgen_stands_on(run: Run) -> None:
    code, out, err = run("doctor")
    assert (code, err) == (0, "")
    names = (
        "invgen",
        "python",
        "numpy",
        "sympy",
        "networkx",
        "jinja2",
        "flint",
        "cupy",
        "nvrtc",
        "torch",
        "C compiler",
    )
    found = {line[5:25].strip(): line[:3].strip() for line in out.splitlines()}
    assert set(names) <= set(found)
    assert set(found.values()) <= {"ok", "off"}


def test_doctor_says_that_torch_is_missing() -> None:
    block = "import sys; sys.modules['torch'] = None; from invgen.cli import main; raise SystemExit(main(['doctor']))"
    done = process(code=block)
    assert done.returncode == 0 and done.stderr == ""
    line = next(line for line in done.stdout.splitlines() if " torch " in line)
    assert line.startswith("off") and "pip install invgen[torch]" in line


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("1x",), ("'1x'",)),
        (("1o + + 2e",), ("cannot read",)),
        (("",), ("cannot read",)),
        (("0x1o",), ("multiplicity",)),
        (("21e",), ("ranks from 0 to 20",)),
        (("v:1o + v:2e",), ("more than once",)),
        (("1o", "--max-degree", "-1"), ("at least 1", "-1")),
        (("1o", "--max-degree", "0"), ("at least 1",)),
        (("1o", "--max-degree", "two"), ("--max-degree", "two")),
        (("1o", "--max-degree", "1" * 5000), ("--max-degree",)),
        (("0e + 1o", "--max-degree", "1000000000000", "--select", "linear"), ("out of reach",)),
        (("40x1o", "--max-degree", "40", "--select", "linear"), ("lower",)),
        (("1o", "--max-degree", "1"), ("no O3 invariants", "degree 2")),
        (("1o + 2e", "--convention", "nonsense"), ("sphericart", "nonsense")),
        (("4e", "--convention", "hippynn"), ("l <= 3",)),
        (("1o + 2e", "--select", "best"), ("independent", "best")),
        (("1o + 2e", "--order", "size"), ("degree", "cost", "size")),
        (("1o + 2e", "--forms", "tree"), ("contraction", "cheapest", "tree")),
        (("1o + 2e", "--forms", "cheapest", "--select", "linear"), ("cheapest", "linear", "contraction")),
        (("1o + 2e", "--group", "O4"), ("O3", "SO3", "O2", "SO2", "O4")),
        (("1o + 2e", "--max-degree", "4", "--flexible", "specific"), ("select='flexible'", "'independent'")),
        (("1o + 2e", "--max-degree", "4", "--select", "flexible", "--flexible", "most"), ("'specific'", "'most'")),
        (("1o + 2e", "--max-degree", "3", "--select", "flexible"), ("l1:1o and l2:2e", "max_degree to 4")),
    ],
)
def test_generate_refuses_bad_requests(
    run: Run, tmp_path: Path, arguments: Sequence[str], words: Sequence[str]
) -> None:
    degree = () if "--max-degree" in arguments else ("--max-degree", "4")
    assert_refused(run("generate", *arguments, *degree, "-o", tmp_path / "b.json"), *words)
    assert list(tmp_path.iterdir()) == []


def test_a_degree_beyond_need_is_no_work(run: Run, tmp_path: Path) -> None:
    # nothing can exceed the target rank, so the search ends where it is met
    code, out, _ = run("generate", "1o + 2e", "--max-degree", 10**12, "-o", tmp_path / "b.json")
    assert code == 0 and "5 invariants" in out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("i,i v,v\n\n# fine\ni,i v,w\n", ("line 4", "'w'")),
        ("i,i,i v,v,v\n", ("line 1", "3 times")),
        ("ij,i q,v\n", ("line 1", "'j'")),
        ("i,ij,k v,q,v\n", ("line 1",)),
        ("ij,j v,q\n", ("line 1",)),
        ("i,j,ij v,v\n", ("line 1",)),
        ("ijk,i,j,k eps,v,v,v\n", ("line 1", "sign")),
        ("a b c\n", ("line 1", "cannot read")),
        ("i,i v,v\nij,ij q,q\ni,i v,v\n", ("line 3", "line 1")),
        ("# nothing\n\n", ("no contraction",)),
        ("", ("no contraction",)),
    ],
)
def test_a_bad_line_of_a_contractions_file_is_named(run: Run, tmp_path: Path, text: str, words: Sequence[str]) -> None:
    given = tmp_path / "list.txt"
    given.write_text(text, encoding="utf-8")
    result = run("generate", "v:1o + q:2e", "--contractions", given, "-o", tmp_path / "b.json")
    assert_refused(result, str(given), *words)
    assert list(tmp_path.iterdir()) == [given]


def test_a_contractions_file_that_cannot_be_read_is_refused(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "b.json"
    assert_refused(run("generate", "1o", "--contractions", tmp_path / "none", "-o", output), "No such file")
    assert_refused(run("generate", "1o", "--contractions", tmp_path, "-o", output), "directory")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert_refused(run("generate", "1o", "--contractions", tmp_path / "binary", "-o", output), "UTF-8")
    assert not output.exists()


@pytest.mark.parametrize(
    "extra",
    [("--max-degree", "4"), ("--select", "linear"), ("--order", "degree"), ("--forms", "contraction"), ("--strata",)],
)
def test_a_list_is_not_searched_selected_or_ordered(run: Run, tmp_path: Path, extra: Sequence[str]) -> None:
    given = tmp_path / "list.txt"
    given.write_text("i,i l1,l1\n")
    result = run("generate", "1o", "--contractions", given, *extra, "-o", tmp_path / "b.json")
    assert_refused(result, "--contractions", extra[0])


def test_generate_needs_a_degree_or_a_list(run: Run, tmp_path: Path) -> None:
    assert_refused(run("generate", "1o", "-o", tmp_path / "b.json"), "--max-degree", "--contractions")


@pytest.mark.parametrize("command", ["show", "table", "verify"])
@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "there is no basis file"),
        ("{", "not JSON"),
        ("[1, 2]", "is not a basis file"),
        ('{"format": "invgen-basis"}', "version"),
    ],
)
def test_what_is_no_basis_file_is_refused(
    run: Run, tmp_path: Path, command: str, content: str | None, word: str
) -> None:
    path = tmp_path / "b.json"
    if content is not None:
        path.write_text(content)
    assert_refused(run(command, path), word, str(path))


@pytest.mark.parametrize("command", ["show", "table", "verify"])
def test_half_a_file_is_refused(run: Run, file: Path, command: str) -> None:
    file.write_text(file.read_text()[: file.stat().st_size // 2])
    assert_refused(run(command, file), "not JSON")


def tampered_member(data: dict[str, Any]) -> None:
    data["members"][2] = {"subscripts": "i,ij,jk,k", "tensors": ["l1", "l2", "l2", "l1"]}


def tampered_index(data: dict[str, Any]) -> None:
    data["members"][1]["subscripts"] = "ij,i"


def tampered_rank(data: dict[str, Any]) -> None:
    data["certificate"]["rank"] = 4


def tampered_point(data: dict[str, Any]) -> None:
    data["certificate"]["points"][0][0] += 1


def tampered_target(data: dict[str, Any]) -> None:
    data["certificate"]["target"] = 6


def tampered_id(data: dict[str, Any]) -> None:
    data["id"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        (tampered_member, "minor of the Jacobian"),
        (tampered_rank, "minor of the Jacobian"),
        (tampered_point, "primes and points"),
        (tampered_target, "no more than 6"),
        (tampered_id, "id"),
    ],
)
def test_verify_names_the_claim_that_a_changed_file_breaks(run: Run, file: Path, change: Change, failed: str) -> None:
    data = json.loads(file.read_text())
    change(data)
    file.write_text(json.dumps(data))
    code, out, err = run("verify", file)
    assert code == 2
    assert err.startswith("invgen: ") and err.count("\n") == 1 and failed in err
    broken = [line for line in out.splitlines() if not line.startswith("ok ")]
    assert all(line.startswith("FAILED ") for line in broken)
    assert any(failed in line for line in broken)
    assert "content has the id" in broken[0]


def test_a_change_with_a_fresh_id_still_breaks_its_claim(run: Run, file: Path) -> None:
    from invgen.basis import file as basis_file

    data = json.loads(file.read_text())
    tampered_target(data)
    data["id"] = basis_file._digest({k: v for k, v in data.items() if k not in ("id", "provenance")})
    file.write_text(json.dumps(data))
    code, out, err = run("verify", file)
    assert code == 2 and "no more than 6" in err
    assert out.splitlines()[0].startswith("ok ")


@pytest.mark.parametrize("change", [tampered_member, tampered_rank, tampered_id])
@pytest.mark.parametrize("command", ["show", "table", "package"])
def test_a_changed_file_is_not_used(run: Run, file: Path, tmp_path: Path, command: str, change: Change) -> None:
    data = json.loads(file.read_text())
    change(data)
    file.write_text(json.dumps(data))
    output = ("-o", tmp_path / "package") if command == "package" else ()
    assert_refused(run(command, file, *output), "id", "invgen verify")
    assert list(tmp_path.iterdir()) == [file]


def test_a_member_that_is_no_contraction_damages_the_file(run: Run, file: Path) -> None:
    data = json.loads(file.read_text())
    tampered_index(data)
    file.write_text(json.dumps(data))
    assert_refused(run("verify", file), "damaged", "'j'")


def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "generate", lambda *_, **__: pytest.fail("worked before it looked at the output"))
    assert_refused(run(*GENERATE, "-o", tmp_path / "none" / "b.json"), "does not exist")
    assert_refused(run(*GENERATE, "-o", tmp_path), "is a folder")
    (tmp_path / "a_file").write_text("")
    assert_refused(run(*GENERATE, "-o", tmp_path / "a_file" / "b.json"), "does not exist")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_leave_to_write_is_refused(run: Run, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert_refused(run(*GENERATE, "-o", tmp_path / "b.json"), "cannot be written")


def test_table_and_package_refuse_places_that_do_not_exist(run: Run, file: Path, tmp_path: Path) -> None:
    assert_refused(run("table", file, "-o", tmp_path / "none" / "t"), "does not exist")
    assert_refused(run("table", file, "-o", tmp_path), "is a folder")
    assert_refused(run("table", file, "--style", "tex", "-o", tmp_path / "t"), "latex, markdown, csv, html")
    assert_refused(run("package", file, "-o", tmp_path / "none" / "p"), "does not exist")
    assert_refused(run("package", file, "-o", tmp_path / "no-name"), "identifier")
    assert list(tmp_path.iterdir()) == [file]


def test_a_failure_leaves_the_old_file_as_it_was(run: Run, file: Path) -> None:
    before = file.read_bytes()
    assert_refused(run("generate", "1o", "--max-degree", "1", "-o", file), "no O3 invariants")
    assert file.read_bytes() == before


@pytest.mark.parametrize("arguments", [(), ("bogus",), ("show",), ("show", "a", "b"), ("verify", "--fast", "a")])
def test_a_wrong_command_line_gives_one_sentence(run: Run, arguments: Sequence[str]) -> None:
    assert_refused(run(*arguments), "--help")


def test_a_sentence_stays_on_one_line(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise InvgenError("the compiler said\n  error: no\n  stop")

    monkeypatch.setattr(commands, "_check_folder", fail)
    assert_refused(run("package", file, "-o", "p"), "the compiler said error: no stop")


def test_an_interruption_is_one_line_and_130(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(generation, "generate", interrupt)
    assert run(*GENERATE, "-o", tmp_path / "b.json") == (130, "", "invgen: interrupted\n")
    assert list(tmp_path.iterdir()) == []


# --- the program as a user runs it -----------------------------------------------------------------------------------


def test_a_real_process_ends_with_2_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = process("generate", "1o + nonsense", "--max-degree", "4", "-o", "b.json", cwd=tmp_path)
    assert_refused((done.returncode, done.stdout, done.stderr), "nonsense")
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_progress_bar_where_standard_error_is_no_terminal(tmp_path: Path) -> None:
    done = process(*GENERATE, "-o", "b.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_there_is_a_progress_bar_on_a_terminal(tmp_path: Path) -> None:
    import pty
    import termios

    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 80))  # a new terminal has no width, and a bar no room
    command = [sys.executable, "-m", "invgen", *GENERATE, "-o", str(tmp_path / "b.json")]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=slave, env=environment())
    os.set_blocking(master, False)
    shown = os.read(master, 100_000).decode()
    os.close(slave)
    os.close(master)
    assert done.returncode == 0
    assert "degree 4" in shown and b"degree 4" not in done.stdout


def test_a_reader_that_goes_away_is_no_traceback(file: Path) -> None:
    command = [sys.executable, "-m", "invgen", "show", str(file)]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, env=environment())
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_under_standard_output_is_one_line(file: Path) -> None:
    command = [sys.executable, "-m", "invgen", "show", str(file)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment())
    assert (done.returncode, done.stderr) == (2, "invgen: No space left on device\n")


def test_the_same_request_gives_the_same_bytes_under_every_hash_seed(tmp_path: Path) -> None:
    texts = set()
    for seed in ("0", "1"):
        path = tmp_path / f"{seed}.json"
        code = f"from invgen.cli import main; raise SystemExit(main({[*GENERATE, '-o', str(path)]!r}))"
        variables = {**environment(), "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code], env=variables, check=True, stdout=subprocess.DEVNULL)
        texts.add(path.read_bytes())
    assert len(texts) == 1


def loaded_by(*arguments: str) -> set[str]:
    code = (
        f"import sys; from invgen.cli import main; main({list(arguments)!r});"
        "print('MODULES', *sys.modules, file=sys.stderr)"
    )
    return set(process(code=code).stderr.partition("MODULES")[2].split())


def test_generate_loads_no_torch_and_help_loads_no_stage(tmp_path: Path) -> None:
    generated = loaded_by(*GENERATE, "-o", str(tmp_path / "b.json"))
    assert "invgen.basis.generation" in generated
    assert generated & {"torch", "cupy", "jinja2"} == set()
    helped = loaded_by("generate", "--help")
    assert helped & {"torch", "numpy", "sympy", "mpmath", "networkx", "jinja2", "tqdm"} == set()


@pytest.mark.parametrize(
    "command", ["generate", "show", "cost", "table", "verify", "package", "library", "detect", "doctor"]
)
def test_every_command_explains_itself_with_an_example_and_what_comes_out(run: Run, command: str) -> None:
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert f"invgen {command}" in out and "example" in out and "Output:" in out
    assert all(len(line) <= 120 for line in out.splitlines())
    code, out, _ = run("--help")
    assert code == 0 and f"\n    {command} " in out


def test_the_command_line_has_every_option_of_the_table_with_its_values(run: Run) -> None:
    _, out, _ = run("generate", "--help")
    text = " ".join(out.replace("-\n", "-").split()).replace("- ", "-")
    for option in OPTIONS:
        assert f"{option.flag} " in text
        assert not option.allowed or ", ".join(option.allowed) in text
    assert ", ".join(conventions.NAMES) in text


def test_what_help_names_as_examples_is_accepted(run: Run, file: Path) -> None:
    _, out, _ = run("package", "--help")
    assert {march for march in MARCHES if march in out} == {"x86-64-v3", "armv8-a"}
    assert tuple(tables._RENDERERS) == tables.STYLES
    for style in tables.STYLES:
        assert run("table", file, "--style", style)[0] == 0


# --- standard streams ------------------------------------------------------------------------------------------------


def test_a_hyphen_is_standard_output(run: Run, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*GENERATE, "-o", "-")
    assert (code, out) == (0, file.read_text())
    assert err == f"standard output: 5 invariants, rank 5 of 5, id {Basis.load(file).id}\n"
    assert run("table", file, "-o", "-") == (0, Basis.load(file).table(), "")
    assert sorted(tmp_path.iterdir()) == [file]
    assert run(*GENERATE, "-o", "./-")[0] == 0 and (tmp_path / "-").read_text() == file.read_text()


@pytest.mark.parametrize("command", ["show", "table", "verify"])
def test_a_hyphen_is_standard_input(run: Run, file: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named = run(command, file)
    monkeypatch.setattr(sys, "stdin", io.StringIO(file.read_text()))
    assert run(command, "-") == named
    monkeypatch.setattr(sys, "stdin", io.StringIO("{"))
    assert_refused(run(command, "-"), "standard input is not a basis file")
    monkeypatch.setattr(sys, "stdin", None)
    assert_refused(run(command, "-"), "standard input is closed; name a file")


@pytest.mark.parametrize("command", ["show", "table", "verify"])
def test_a_closed_standard_output_is_one_sentence(file: Path, command: str) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$0" -m invgen "$@" >&-', sys.executable, command, str(file)],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert (done.returncode, done.stderr) == (
        2,
        "invgen: standard output is closed, so nothing can be written to it\n",
    )


def test_what_goes_to_a_file_needs_no_standard_stream(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    command = ["sh", "-c", '"$0" -m invgen "$@" >&- 2>&- <&-', sys.executable, *GENERATE, "-o", str(path)]
    assert subprocess.run(command, env=environment()).returncode == 0
    assert len(Basis.load(path)) == 5


def test_a_byte_order_mark_is_not_an_index(run: Run, tmp_path: Path) -> None:
    given = tmp_path / "list.txt"
    given.write_text("i,i v,v\n", encoding="utf-8-sig")
    code, out, _ = run("generate", "v:1o", "--contractions", given, "-o", tmp_path / "b.json")
    assert code == 0 and "1 invariants, rank 1 of 1" in out


# --- what is told to raise can be raised -----------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "allowed"), [("1000000", True), ("1MiB", True), ("1 KiB", False), ("100", False)])
def test_the_memory_limit_is_the_library_s(run: Run, tmp_path: Path, limit: str, allowed: bool) -> None:
    path = tmp_path / "b.json"
    result = run(*GENERATE, "--memory-limit", limit, "-o", path)
    if allowed:
        assert result[0] == 0 and Basis.load(path) == invgen.generate(invgen.TensorSpace("1o + 2e"), 4)
    else:
        assert_refused(result, "the request needs about", "more than memory_limit = ", "raise memory_limit")


@pytest.mark.parametrize("limit", ["", "0", "GiB", "1.5GiB", "-1", "four"])
def test_a_memory_limit_that_cannot_be_read_is_refused(run: Run, tmp_path: Path, limit: str) -> None:
    result = run(*GENERATE, f"--memory-limit={limit}", "-o", tmp_path / "b.json")
    assert_refused(result, f"cannot read the memory limit {limit!r}", "8GiB")


def test_the_anchor_is_the_library_s(run: Run, tmp_path: Path) -> None:
    request = ("generate", "1o + 2e + 3o", "--max-degree", "10", "--select", "flexible")
    path = tmp_path / "b.json"
    assert run(*request, "--anchor", "l3", "-o", path)[0] == 0
    space = invgen.TensorSpace("1o + 2e + 3o")
    assert Basis.load(path) == invgen.generate(space, 10, select="flexible", anchor="l3")
    assert_refused(run(*request, "--anchor", "l1", "-o", path), "choose one of l2, l3")


# --- without torch ---------------------------------------------------------------------------------------------------


def test_what_needs_torch_says_how_to_install_it(run: Run, file: Path, tmp_path: Path) -> None:
    assert run("package", file, "-o", tmp_path / "small")[0] == 0
    (tmp_path / "c.yaml").write_text("output: x\n")
    block = "import sys; sys.modules['torch'] = None; from invgen.cli import main; raise SystemExit(main({!r}))"
    for arguments in (
        ["library", str(tmp_path / "small"), "-o", str(tmp_path / "x.so")],
        ["train", str(tmp_path / "c.yaml")],
        ["package", str(file), "-o", str(tmp_path / "p"), "--prebuilt", "x86-64-v3"],
    ):
        done = process(code=block.format(arguments), cwd=tmp_path)
        assert_refused((done.returncode, done.stdout, done.stderr), "torch", "pip install 'invgen[torch]'")


def test_a_name_that_needs_torch_says_so_too() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import invgen\n"
        "basis = invgen.generate(invgen.TensorSpace('1o'), 2)\n"
        "for call in (\n"
        "    lambda: invgen.compile(basis),\n"
        "    lambda: invgen.compile_weighted((basis,), 2),\n"
        "    lambda: invgen.compile_moments(1),\n"
        "    lambda: invgen.nn,\n"
        "):\n"
        "    try: call()\n"
        "    except invgen.InvgenError as error: print(error)\n"
    )
    done = process(code=code)
    lines = done.stdout.splitlines()
    assert done.stderr == "" and len(lines) == 4
    assert all("pip install 'invgen[torch]'" in line for line in lines)


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version") == (0, f"invgen {invgen.__version__}\n", "")


def test_workers_and_checkpoints_change_no_byte(run: Run, tmp_path: Path) -> None:
    request = ("generate", "2x2e", "--max-degree", "4", "--select", "integrity")
    for name, extra in (
        ("alone", ()),
        ("processes", ("--workers", "2")),
        ("kept", ("--checkpoint", str(tmp_path / "finished"))),
        ("again", ("--checkpoint", str(tmp_path / "finished"))),
    ):
        code, _, err = run(*request, *extra, "-o", str(tmp_path / f"{name}.json"))
        assert (code, err) == (0, "")
    assert len({(tmp_path / f"{name}.json").read_bytes() for name in ("alone", "processes", "kept", "again")}) == 1


def test_no_workers_are_refused(run: Run, tmp_path: Path) -> None:
    code, _, err = run("generate", "2e", "--max-degree", "3", "--workers", "0", "-o", str(tmp_path / "x.json"))
    assert (code, err) == (2, "invgen: --workers is at least 1, got 0\n")


def test_verbose_says_how_long_each_stage_took(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["generate", "1o", "--max-degree", "2", "-o", str(tmp_path / "basis.json")]
    for options, stages in (["-v"], ["find", "certify"]), ([], []):
        assert main([*options, *arguments]) == 0
        lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("invgen.generation: ")]
        assert [line.split(": ")[1] for line in lines] == stages
    assert main(["-v", "package", str(tmp_path / "basis.json"), "-o", str(tmp_path / "vectors")]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["lower", "differentiate", "emit", "write"]
