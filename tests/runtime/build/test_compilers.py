from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from invgen.errors import CompilerError
from invgen.runtime.build import compilers
from invgen.runtime.build.compilers import FLAGS, compile_library, cpu_features, find_compiler


def test_no_compiler_on_path_names_the_torch_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CompilerError, match=r'no C compiler was found .*target="torch"'):
        find_compiler()


@pytest.mark.parametrize("named", ["/nonexistent", "no-such-compiler -m64", "'unbalanced"])
def test_a_cc_that_does_not_run_is_refused_even_if_another_compiler_is_on_path(
    monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("CC", named)
    with pytest.raises(CompilerError, match="CC is set to"):
        find_compiler()


def test_a_cc_that_is_no_compiler_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", str(shutil.which("false")))
    with pytest.raises(CompilerError, match=r'exit code 1.*target="torch"'):
        find_compiler()


def test_arguments_in_cc_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "cc -DANSWER=42")
    compiler = find_compiler()
    assert compiler.command == (shutil.which("cc"), "-DANSWER=42")


def test_no_flag_lets_the_compiler_change_the_floating_point_state_of_the_process() -> None:
    assert not {"-ffast-math", "-Ofast", "-funsafe-math-optimizations"} & set(FLAGS)


def test_a_refused_source_is_one_sentence_with_the_compilers_complaint(tmp_path: Path) -> None:
    source = tmp_path / "source.c"
    source.write_text("int f(void) { return undeclared_name; }\n")
    with pytest.raises(CompilerError, match=r"\(exit code 1: source\.c:1:.*undeclared_name") as caught:
        compile_library(find_compiler(), source, tmp_path / "kernel.so", tmp_path / "log.txt")
    assert "\n" not in str(caught.value)
    assert "undeclared_name" in (tmp_path / "log.txt").read_text()


def test_the_first_complaint_of_commands_side_by_side_is_raised_and_nothing_follows(tmp_path: Path) -> None:
    for name in ("good", "bad", "worse"):
        text = "int f(void) { return 1; }" if name == "good" else f"int f(void) {{ return {name}; }}"
        (tmp_path / f"{name}.c").write_text(text + "\n")
    compiler = find_compiler().command
    compiled = [[*compiler, "-c", f"{name}.c"] for name in ("good", "bad")]
    stages = [compiled, [[*compiler, "-c", "worse.c"]]]
    with pytest.raises(CompilerError, match=r"exit code 1: bad\.c:1:") as caught:
        compilers.run_compiler(stages, tmp_path, tmp_path / "log.txt")
    assert "\n" not in str(caught.value)
    log = (tmp_path / "log.txt").read_text()
    assert log.index("good.c") < log.index("bad.c") and "worse" not in log


def test_a_program_that_does_not_run_is_one_sentence(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    with pytest.raises(CompilerError, match=r"missing cannot be run .*set CC"):
        compilers.run_compiler([[[missing, "-c", "a.c"]]], tmp_path, tmp_path / "log.txt")


def test_without_proc_cpuinfo_the_compiler_says_what_native_means(monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = find_compiler()
    monkeypatch.setattr(compilers, "linux_features", lambda: "")
    asked = cpu_features(compiler)
    assert asked.startswith("macros ")
    assert cpu_features(compiler) == asked
    generic = subprocess.run(
        [*compiler.command, "-dM", "-E", "-x", "c", "/dev/null"], capture_output=True, check=True, text=True
    ).stdout
    monkeypatch.setattr(compilers, "_ask", lambda *_: generic)
    compilers._macro_features.cache_clear()
    assert cpu_features(compiler) != asked
    compilers._macro_features.cache_clear()
