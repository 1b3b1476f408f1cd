"""
Set this folder up and start what is in it, with nothing but Python: `python3 run.py run`, or `test`.

`run` prepares `.venv` from requirements.txt and hands over to `monitor serve`. `test` prepares it from
requirements-dev.txt, which holds the same and the test tools, and runs every check. `setup` only prepares.
What was installed is written into `.venv/installed.json`; while that agrees with the files here, nothing is
installed and no network is needed. `make run` and `make test` are short for the first two.

This file must stay readable by Python 3.6, so that an old Python gets a sentence and not a syntax error.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Optional

OLDEST = (3, 11)
HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
STAMP = VENV / "installed.json"
LOCK = "requirements.txt"
LOCK_WITH_TOOLS = "requirements-dev.txt"
WINDOWS = os.name == "nt"

USAGE = """\
python3 run.py run [--port N ...]   start the product (what follows is passed to `monitor serve`)
python3 run.py test [...]           run every check (what follows is passed to pytest)
python3 run.py setup                prepare .venv with the test tools, start nothing
python3 run.py format               put the code into the project's format
python3 run.py audit                ask osv.dev which of the pinned packages have known weaknesses
python3 run.py lock [--upgrade]     write requirements*.txt anew from pyproject.toml (needs uv)
"""

CHECKS = (
    (
        "The formatter found files out of format; `make format` puts them right.",
        ["ruff", "format", "--check", "."],
    ),
    ("The linter found something.", ["ruff", "check", "."]),
    ("The type checker found something.", ["mypy"]),
)

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


class Stop(Exception):  # noqa: N818 - not an error in the program: a reason to stop, worded for the person
    """A reason to stop, in a sentence for the person at the terminal."""


def main(arguments: List[str]) -> int:
    """Do what the first argument names and return the exit code."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    commands = {"run": run, "test": test, "setup": setup, "format": reformat, "audit": audit, "lock": lock}
    if command in ("help", "-h", "--help"):
        print(USAGE, end="")
        return 0
    if command not in commands:
        print(f"run.py does not know {command!r}. It knows:\n{USAGE}", end="", file=sys.stderr)
        return 2
    try:
        if sys.version_info[:2] < OLDEST:
            raise Stop(
                "This needs Python {}.{} or newer, and {} is Python {}.{}.{}.".format(
                    *OLDEST, sys.executable, *sys.version_info[:3]
                )
            )
        return commands[command](rest)
    except Stop as reason:
        sys.stdout.flush()
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: List[str]) -> int:
    """Prepare what the product needs and hand over to its server; an empty register gets the sample."""
    prepare(LOCK)
    serve = [str(program("monitor")), "serve", "--sample-if-empty", *arguments]
    sys.stdout.flush()
    if not WINDOWS:
        os.execve(serve[0], serve, clean_environment())
    return subprocess.call(serve, env=clean_environment())


def setup(arguments: List[str]) -> int:
    """Prepare `.venv` with everything a developer needs; its `monitor` is the command line."""
    if arguments:
        raise Stop("`setup` takes no further words.")
    prepare(LOCK_WITH_TOOLS)
    print(f"Ready. The command line is {program('monitor')}.")
    return 0


def test(arguments: List[str]) -> int:
    """Run formatter, linter, type checker and tests, and stop at the first that fails."""
    prepare(LOCK_WITH_TOOLS)
    environment = clean_environment()
    environment["MONITOR_TEST_BROWSER"] = find_browser() or install_browser()
    ensure_driver()
    python = str(program("python"))
    for sentence, check in CHECKS:
        sys.stdout.flush()
        if subprocess.call([python, "-m", *check], cwd=str(HERE), env=environment) != 0:
            raise Stop(f"{sentence} The tests were not run.")
    return subprocess.call([python, "-m", "pytest", *arguments], cwd=str(HERE), env=environment)


def reformat(arguments: List[str]) -> int:
    """Rewrite the code in the project's format and mend what the linter can mend."""
    prepare(LOCK_WITH_TOOLS)
    ruff = [str(program("python")), "-m", "ruff"]
    subprocess.call([*ruff, "check", "--fix", "--quiet", *(arguments or ["."])], cwd=str(HERE))
    return subprocess.call([*ruff, "format", *(arguments or ["."])], cwd=str(HERE))


def audit(arguments: List[str]) -> int:
    """
    Say which of the pinned packages have weaknesses that are known, and return 1 if there is one.

    It asks a service on the internet for each package by name and version. One that cannot be asked about fails
    the audit too: silence is no answer.
    """
    prepare(LOCK_WITH_TOOLS)
    # What the tools bring stands in the second file on top of all that stands in the first.
    command = [str(program("python")), "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip"]
    command += [
        "--vulnerability-service",
        "osv",
        "--progress-spinner",
        "off",
        "-r",
        LOCK_WITH_TOOLS,
        *arguments,
    ]
    sys.stdout.flush()
    return subprocess.call(command, cwd=str(HERE), env=clean_environment())


def lock(arguments: List[str]) -> int:
    """
    Write both requirements files anew: one set of pins for every system, hashes, and no address of any index.

    The second is resolved within the first, so what the tests try is what the product runs on.
    """
    uv = shutil.which("uv", path=os.pathsep.join([str(program("uv").parent), os.environ.get("PATH", "")]))
    if uv is None:
        raise Stop("Writing the requirements needs uv: install it with `.venv/bin/pip install uv`.")
    compile_ = [uv, "pip", "compile", "pyproject.toml", "--quiet", "--extra", "install"]
    compile_ += ["--universal", "--python-version", "{}.{}".format(*OLDEST), "--generate-hashes"]
    compile_ += ["--no-emit-index-url", "--no-annotate", "--no-header", *arguments]
    for more in (["-o", LOCK], ["-o", LOCK_WITH_TOOLS, "--extra", "test", "-c", LOCK]):
        if subprocess.call([*compile_, *more], cwd=str(HERE)) != 0:
            raise Stop("uv could not write {}; its reason stands above.".format(more[1]))
    return 0


def prepare(lock_name: str) -> None:
    """
    Bring `.venv` to what `lock_name` and pyproject.toml ask for; do nothing if it is there already.

    Raises:
        Stop: Something this needs is missing, in a sentence that says what.
    """
    installed = read_stamp()
    wanted = {name: fingerprint(name) for name in ("pyproject.toml", lock_name)}
    usable = bool(installed) and installed == {**installed, "folder": str(HERE), "python": version_in_venv()}
    if usable and installed == {**installed, **wanted}:
        return
    try:
        if not usable:
            make_venv()
        if not usable or installed.get(lock_name) != wanted[lock_name]:
            STAMP.unlink() if STAMP.exists() else None
            print(f"Installing what {lock_name} lists into {VENV}: a minute or two, and only once.")
            pip("install", "--require-hashes", "--no-deps", "-r", lock_name)
            if lock_name == LOCK_WITH_TOOLS:
                wanted[LOCK] = fingerprint(LOCK)
        pip("install", "--no-index", "--no-deps", "--no-build-isolation", "--quiet", "--editable", ".")
        kept = installed if usable else {}
        facts = {**kept, **wanted, "folder": str(HERE), "python": version_in_venv()}
        STAMP.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    except OSError as problem:
        raise Stop(f"{VENV} cannot be prepared: {problem.strerror or problem}.") from None


def make_venv() -> None:
    """Create `.venv`, in place of one that is of another Python or was moved here."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        raise Stop(
            f"This Python cannot make environments: on Debian and Ubuntu, install the package {package}."
        )
    if not os.access(str(HERE), os.W_OK):
        raise Stop(
            f"The folder {HERE} cannot be written to, and .venv has to be made in it: copy it elsewhere."
        )
    if VENV.exists() and not VENV.is_dir():
        raise Stop(f"{VENV} is in the way: it should be a folder.")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    if made.returncode != 0:
        last_line = (made.stdout.strip() or "no reason given").splitlines()[-1]
        raise Stop(f"{VENV} could not be made: {last_line}")


def pip(*arguments: str) -> None:
    """Run the environment's own pip; its settings (a private index, a proxy) are the user's."""
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    command = [str(program("python")), "-m", "pip", "--disable-pip-version-check", *quiet, *arguments]
    environment = clean_environment()
    environment["PIP_USER"] = "0"
    sys.stdout.flush()
    if subprocess.call(command, cwd=str(HERE), env=environment) != 0:
        raise Stop(
            "The packages could not be installed; pip's reason stands above. The first time needs a package "
            "index: PyPI, or the one that PIP_INDEX_URL or pip's configuration names."
        )


def program(name: str) -> Path:
    """Return where `.venv` keeps a program."""
    return VENV / "Scripts" / f"{name}.exe" if WINDOWS else VENV / "bin" / name


def clean_environment() -> Dict[str, str]:
    """Return this process's environment without what would make a child look for its modules elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}


def fingerprint(name: str) -> str:
    """Return the SHA-256 of a file here, the same whichever line ends it was checked out with."""
    try:
        return hashlib.sha256((HERE / name).read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    except OSError as problem:
        raise Stop(f"{HERE / name} cannot be read: {problem.strerror}.") from None


def read_stamp() -> Dict[str, str]:
    """Return what `.venv` says was installed into it; nothing if it does not say."""
    try:
        facts = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def version_in_venv() -> str:
    """Return the version of the Python that `.venv` starts, such as "3.11"; empty if it starts none."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.check_output(
            [str(program("python")), "-I", "-S", "-c", ask], stderr=subprocess.DEVNULL
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.decode().strip()


def find_browser() -> Optional[str]:
    """
    Return a browser of the Chromium family on this machine, or None if there is none.

    The one that MONITOR_TEST_BROWSER names, else one of the system's, else one that playwright has installed.

    Raises:
        Stop: MONITOR_TEST_BROWSER names something that is not there.
    """
    named = os.environ.get("MONITOR_TEST_BROWSER")
    if named:
        found = shutil.which(named)
        if found is None:
            raise Stop(f"MONITOR_TEST_BROWSER names {named}, and there is no such program.")
        return found
    on_path = [path for path in map(shutil.which, BROWSERS) if path]
    for path in [*on_path, *browsers_of_playwright()]:
        if WINDOWS or starts(path):
            return path
    return None


def browsers_of_playwright() -> List[str]:
    """Return the Chromiums that playwright has installed for this user, newest first."""
    home = Path.home()
    places = [home / ".cache", home / "Library" / "Caches", Path(os.environ.get("LOCALAPPDATA", str(home)))]
    stores = [
        Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")),
        *(place / "ms-playwright" for place in places),
    ]
    patterns = (
        "chromium-*/chrome-linux*/chrome",
        "chromium-*/chrome-win*/chrome.exe",
        "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    )
    found = [
        path for store in stores if store.is_dir() for pattern in patterns for path in store.glob(pattern)
    ]
    return [
        str(path)
        for path in sorted(found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))])[::-1]
    ]


def starts(browser: str) -> bool:
    """Return whether the program answers: some systems keep only a pointer to an app store under its name."""
    try:
        asked = subprocess.run(
            [browser, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def install_browser() -> str:
    """
    Install a browser and return it: Debian's own where we may, otherwise playwright's.

    Raises:
        Stop: None can be had. Leaving the browser's tests out would hide a gap.
    """
    print("No browser found for the tests: installing Chromium.")
    install_from_debian("chromium")
    found = find_browser()
    if found is None:
        subprocess.call([str(program("python")), "-m", "playwright", "install", "chromium"])
        found = find_browser()
    if found:
        return found
    raise Stop(
        "The tests need a browser and none could be installed: install Chromium, Chrome or Edge, or name "
        "one in MONITOR_TEST_BROWSER."
    )


def ensure_driver() -> None:
    """
    See that playwright, which drives the browser, starts; a bare Debian lacks two libraries that it needs.

    Raises:
        Stop: It does not start, and the libraries could not be installed.
    """
    driver = [str(program("python")), "-m", "playwright", "--version"]
    for attempt in range(2):
        if subprocess.call(driver, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return
        if attempt == 0:
            install_from_debian("libatomic1", "libstdc++6")
    raise Stop("Playwright, which drives the browser, does not start: install libatomic1 and libstdc++6.")


def install_from_debian(*packages: str) -> None:
    """Install packages if this is a Debian and we may, else do nothing; the caller sees whether it helped."""
    if WINDOWS or shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    environment = {**clean_environment(), "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        sys.stdout.flush()
        subprocess.call(["apt-get", "-qq", *words], env=environment, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
