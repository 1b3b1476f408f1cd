"""Setting up a fresh machine: run.py, the Makefile, the locked requirements, and what a wheel holds."""

import ast
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import run
from monitor.cli import main as command_line

ROOT = Path(run.__file__).resolve().parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = (run.LOCK, run.LOCK_WITH_TOOLS)


def pins(name: str) -> dict[str, str]:
    """Return each entry of a lock by the package's name: the version, the marker and the hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    return {entry.partition("==")[0]: entry.partition("==")[2] for entry in entries}


class TestLocks:
    """What is installed is written down to the byte, and says nothing of where it came from."""

    @pytest.mark.parametrize("name", LOCKS)
    def test_names_no_address(self, name: str) -> None:
        """No index, host or folder stands in it, so every office can use its own."""
        text = (ROOT / name).read_text(encoding="utf-8")

        assert not re.search(r"://|--index|--find-links|--extra|^-|file:|/", text, flags=re.MULTILINE)

    @pytest.mark.parametrize("name", LOCKS)
    def test_every_package_has_a_version_and_hashes(self, name: str) -> None:
        """Pip refuses anything else than the files that were chosen."""
        for package, rest in pins(name).items():
            assert re.match(r"[a-z0-9-]+$", package)
            assert re.match(r"[0-9][^ ]*( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", rest), package

    def test_the_tools_come_on_top(self) -> None:
        """The tests try the very packages that the product runs on."""
        assert pins(run.LOCK).items() <= pins(run.LOCK_WITH_TOOLS).items()

    @pytest.mark.parametrize(
        ("lock", "wanted"),
        [
            (run.LOCK, PROJECT["dependencies"] + PROJECT["optional-dependencies"]["install"]),
            (run.LOCK_WITH_TOOLS, PROJECT["optional-dependencies"]["test"]),
        ],
    )
    def test_holds_what_the_project_asks_for(self, lock: str, wanted: list[str]) -> None:
        """Nobody added a dependency, or raised one, and left the lock as it was (`make lock`)."""
        locked = pins(lock)
        for line in wanted:
            asked = Requirement(line)
            version = locked[canonicalize_name(asked.name)].split()[0]
            assert asked.specifier.contains(version), line


class TestOldPython:
    """A machine whose Python is too old gets a sentence."""

    def test_an_old_python_can_read_the_script(self) -> None:
        """Nothing in run.py is newer than Python 3.6."""
        tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))

        new_syntax = (ast.NamedExpr, ast.Match, ast.TryStar)
        assert not [node.lineno for node in ast.walk(tree) if isinstance(node, new_syntax)]
        imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert "__future__" not in imported
        builtin_generics = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)
            if node.value.id in ("list", "dict", "tuple", "set", "type")
        ]
        assert not builtin_generics

    def test_says_which_version_it_needs(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """One sentence, exit code 1."""
        monkeypatch.setattr(sys, "version_info", (3, 10, 4))

        assert run.main(["run"]) == 1

        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == f"This needs Python 3.11 or newer, and {sys.executable} is Python 3.10.4.\n"


class TestMakefile:
    """`make` finds a Python and passes on what it is told."""

    pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="Windows sets up without make")

    def make(self, tmp_path: Path, *arguments: str, **pythons: str) -> "subprocess.CompletedProcess[str]":
        """Run make with nothing on the path but a shell and these programs, given as shell scripts."""
        programs = tmp_path / "bin"
        programs.mkdir()
        for name in ("sh", "make"):
            (programs / name).symlink_to(str(shutil.which(name)))
        for name, script in pythons.items():
            file = programs / name.replace("_", ".")
            file.write_text(f"#!{shutil.which('sh')}\n{script}\n")
            file.chmod(0o755)
        return subprocess.run(
            ["make", *arguments], cwd=ROOT, env={"PATH": str(programs)}, capture_output=True, text=True
        )

    def test_takes_a_newer_python_beside_an_old_one(self, tmp_path: Path) -> None:
        """On Debian 11, say, with python3.12 beside python3."""
        made = self.make(
            tmp_path, "run", "PORT=8600", python3="exit 1", python3_12='[ "$1" = -c ] || echo "3.12: $@"'
        )

        assert made.returncode == 0
        assert made.stdout.splitlines()[-1] == "3.12: run.py run --port 8600"

    def test_passes_further_words_on(self, tmp_path: Path) -> None:
        """ARGS reaches pytest, or the server."""
        made = self.make(tmp_path, "test", "ARGS=-k deadlines", python3='echo "$@"')

        assert made.stdout.splitlines()[-1] == "run.py test -k deadlines"

    def test_without_any_python_says_so(self, tmp_path: Path) -> None:
        """One sentence before make's own line."""
        made = self.make(tmp_path, "run")

        assert made.returncode != 0
        assert made.stderr.splitlines()[0] == "This needs Python 3.11 or newer: there is no python3 here."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the files that run.py reads, which it takes for its own."""
    for name in ("pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, tmp_path)
    monkeypatch.setattr(run, "HERE", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "STAMP", tmp_path / ".venv" / "installed.json")
    return tmp_path


@pytest.fixture
def done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of what run.py had done to the environment."""
    steps: list[str] = []

    def make_venv() -> None:
        steps.append("venv")
        run.VENV.mkdir(exist_ok=True)

    monkeypatch.setattr(run, "make_venv", make_venv)
    monkeypatch.setattr(run, "pip", lambda *words: steps.append("project" if "." in words else words[-1]))
    monkeypatch.setattr(run, "version_in_venv", lambda: "3.11" if run.VENV.exists() else "")
    return steps


class TestPrepare:
    """The environment is brought to what the files ask for, and left alone when it is there."""

    def test_the_first_time_makes_everything(self, done: list[str]) -> None:
        """The environment, the packages, and the product itself."""
        run.prepare(run.LOCK)

        assert done == ["venv", run.LOCK, "project"]

    def test_the_second_time_does_nothing(self, done: list[str]) -> None:
        """No pip, so no network."""
        run.prepare(run.LOCK)
        done.clear()

        run.prepare(run.LOCK)

        assert done == []

    def test_running_after_testing_does_nothing(self, done: list[str]) -> None:
        """What the tests need holds what the product needs."""
        run.prepare(run.LOCK_WITH_TOOLS)
        done.clear()

        run.prepare(run.LOCK)

        assert done == []

    def test_testing_after_running_adds_the_tools(self, done: list[str]) -> None:
        """The environment is kept."""
        run.prepare(run.LOCK)
        done.clear()

        run.prepare(run.LOCK_WITH_TOOLS)
        run.prepare(run.LOCK)

        assert done == [run.LOCK_WITH_TOOLS, "project"]

    def test_a_changed_lock_is_installed(self, folder: Path, done: list[str]) -> None:
        """As after an update of the product."""
        run.prepare(run.LOCK)
        done.clear()
        (folder / run.LOCK).write_text("another")

        run.prepare(run.LOCK)

        assert done == [run.LOCK, "project"]

    def test_line_endings_change_nothing(self, folder: Path, done: list[str]) -> None:
        """A checkout on Windows may end its lines otherwise."""
        run.prepare(run.LOCK)
        done.clear()
        lock = folder / run.LOCK
        lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))

        run.prepare(run.LOCK)

        assert done == []

    def test_another_python_underneath_starts_anew(
        self, done: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The system's Python was replaced by a newer one."""
        run.prepare(run.LOCK)
        done.clear()
        monkeypatch.setattr(run, "version_in_venv", lambda: "3.13")

        run.prepare(run.LOCK)

        assert done == ["venv", run.LOCK, "project"]

    def test_a_moved_folder_starts_anew(
        self, folder: Path, done: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An environment holds the path it was made at."""
        run.prepare(run.LOCK)
        done.clear()
        moved = folder.with_name("moved")
        folder.rename(moved)
        for name, place in (
            ("HERE", moved),
            ("VENV", moved / ".venv"),
            ("STAMP", moved / ".venv" / "installed.json"),
        ):
            monkeypatch.setattr(run, name, place)

        run.prepare(run.LOCK)

        assert done == ["venv", run.LOCK, "project"]

    def test_an_installation_that_broke_off_is_taken_up_again(
        self, done: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is half installed does not count as installed."""

        def no_network(*words: str) -> None:
            raise run.Stop("no network")

        with monkeypatch.context() as broken:
            broken.setattr(run, "pip", no_network)
            with pytest.raises(run.Stop):
                run.prepare(run.LOCK)
        done.clear()

        run.prepare(run.LOCK)

        assert run.LOCK in done


class TestObstacles:
    """What stands in the way is said in one sentence."""

    def test_a_folder_that_cannot_be_written_to(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A share that was mounted for reading, say."""
        monkeypatch.setattr(os, "access", lambda *_: False)

        with pytest.raises(run.Stop, match=r"cannot be written to, and \.venv has to be made in it"):
            run.prepare(run.LOCK)

    def test_a_file_in_the_environments_place(self, folder: Path) -> None:
        """It is not removed: it is not ours."""
        (folder / ".venv").write_text("")

        with pytest.raises(run.Stop, match="is in the way"):
            run.prepare(run.LOCK)

    def test_debian_without_the_package_for_environments(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Debian splits ensurepip off; the package is named."""
        monkeypatch.setitem(sys.modules, "ensurepip", None)

        with pytest.raises(run.Stop, match=r"install the package python3\.\d+-venv\.$"):
            run.prepare(run.LOCK)

    def test_a_missing_lock(self, folder: Path) -> None:
        """A copy of the folder that is not complete."""
        (folder / run.LOCK).unlink()

        with pytest.raises(run.Stop, match=r"requirements\.txt cannot be read"):
            run.prepare(run.LOCK)

    def test_pip_without_a_network(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Pip gives its reason, and we say what is needed."""
        monkeypatch.setattr(run, "program", lambda name: shutil.which("false"))

        with pytest.raises(run.Stop, match="The first time needs a package index"):
            run.pip("install", "something")

    def test_an_unknown_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Wrong usage is exit code 2, with the list of commands."""
        assert run.main(["start"]) == 2
        assert "'start'" in capsys.readouterr().err

    def test_a_browser_that_is_named_and_not_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A wrong name is not passed over in silence."""
        monkeypatch.setenv("MONITOR_TEST_BROWSER", "/nowhere/chromium")

        with pytest.raises(run.Stop, match="/nowhere/chromium"):
            run.find_browser()

    def test_no_browser_to_be_had(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The tests of pages are not left out: the run stops."""
        monkeypatch.setattr(run, "find_browser", lambda: None)
        monkeypatch.setattr(subprocess, "call", lambda *_, **__: 1)

        with pytest.raises(run.Stop, match="install Chromium, Chrome or Edge"):
            run.install_browser()


def test_a_driver_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare Debian that we may not change is told which libraries to install."""
    monkeypatch.setattr(run, "install_from_debian", lambda *_: None)
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: 127)

    with pytest.raises(run.Stop, match="libatomic1"):
        run.ensure_driver()


def test_a_child_keeps_the_index_and_loses_the_module_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """An office's own package index goes on working; another project's modules do not get in."""
    monkeypatch.setenv("PIP_INDEX_URL", "an office's own")
    monkeypatch.setenv("PYTHONPATH", "/another/project")
    monkeypatch.setenv("PYTHONHOME", "/another/python")

    environment = run.clean_environment()

    assert environment["PIP_INDEX_URL"] == "an office's own"
    assert not {"PYTHONPATH", "PYTHONHOME"} & environment.keys()


def test_the_readme_lists_the_commands_there_are() -> None:
    """No more and no fewer than the command line has."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `monitor ([a-z]+)", readme, flags=re.MULTILINE)) == set(command_line.commands)


@pytest.mark.skipif(os.name == "nt", reason="the script is for Debian")
def test_the_script_of_the_checks_can_run() -> None:
    """It is marked executable and bash can read it."""
    script = ROOT / ".ci" / "run"

    assert script.stat().st_mode & stat.S_IXUSR
    assert subprocess.run(["bash", "-n", script], capture_output=True).returncode == 0


def test_a_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    """Styles, pictures, fonts and migrations go where the modules go."""
    source = tmp_path / "source"
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    build = [
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--quiet",
        "--wheel-dir",
        str(tmp_path),
        ".",
    ]

    made = subprocess.run([sys.executable, "-m", "pip", *build], cwd=source, capture_output=True, text=True)

    assert made.returncode == 0, made.stderr
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("monitor/")}
    ours = {
        path.relative_to(source / "src").as_posix() for path in (source / "src").rglob("*") if path.is_file()
    }
    assert packed == {path for path in ours if path.startswith("monitor/")}
