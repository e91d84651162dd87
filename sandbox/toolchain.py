"""What of this machine a container sees, read-only and at its own paths: the tools, and nothing that is private.

System folders whole; of /etc a list of files; of HOME only known toolchains and what PATH and virtual environments lead to. Keys, tokens,
histories and settings stay outside, as nothing else of HOME is there. `mounts` says for each path why it is there. What the workspace
itself points to is shown only where `leads` believes it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox import leads
from sandbox.leads import within

if TYPE_CHECKING:
    from collections.abc import Mapping

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store", "/home/linuxbrew/.linuxbrew")

# Never /etc whole: root inside, even without any capability, owns /etc/shadow and may read it.
ETC = (
    *("passwd", "group", "nsswitch.conf", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "os-release", "localtime", "timezone", "mime.types"),
    *("protocols", "services", "alternatives", "bash.bashrc", "magic", "fonts", "debian_version", "redhat-release", "alpine-release"),
    *(
        "ssl/certs",
        "ssl/openssl.cnf",
        "pki/tls/certs",
        "pki/tls/openssl.cnf",
        "pki/ca-trust/extracted",
        "ca-certificates",
        "crypto-policies",
    ),
    *("python3", "python3.*", "perl", "php", "java*", "ImageMagick-*", "texmf", "R", "julia", "ghc", "erlang", "lua*"),
)

# Under HOME. Parts of a folder where another part keeps a token: .cargo/credentials.toml, .m2/settings.xml, .gem/credentials.
TOOLCHAINS = (
    *(".pyenv", ".local/bin", ".local/lib", ".local/pipx", ".local/share/pipx", ".local/share/uv", ".local/share/virtualenvs"),
    *("miniconda3", "anaconda3", "miniforge3", "mambaforge", ".cache/pypoetry/virtualenvs"),
    *(".nvm", ".nodenv", ".volta", ".local/share/fnm", ".local/share/pnpm", ".bun/bin", ".bun/install", ".deno/bin"),
    *(".cargo/bin", ".cargo/registry", ".cargo/git", ".rustup", "go/bin", "go/pkg/mod", ".goenv"),
    *(".sdkman/candidates", ".jenv", ".m2/repository", ".m2/wrapper", ".gradle/wrapper", ".gradle/caches", ".dotnet"),
    *(".rbenv", ".rvm", ".gem/ruby", ".asdf", ".tool-versions", ".local/share/mise", ".nix-profile"),
    *(".ghcup", ".opam", ".elan", ".juliaup", ".julia/packages", ".composer/vendor", ".config/composer/vendor", ".luarocks", ".pub-cache"),
)

# Variables that tell tools where they are and how to print; whatever else the caller's environment holds may be a secret.
VARIABLES = (
    *("LANG", "LANGUAGE", "TZ", "TERM", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "CI", "USER", "LOGNAME", "SHELL"),
    *("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYENV_ROOT"),
    *("PYENV_VERSION", "NODE_PATH", "NVM_DIR", "NVM_BIN", "VOLTA_HOME", "PNPM_HOME", "BUN_INSTALL", "DENO_INSTALL"),
    *(
        "CARGO_HOME",
        "RUSTUP_HOME",
        "RUSTUP_TOOLCHAIN",
        "GOROOT",
        "GOPATH",
        "JAVA_HOME",
        "SDKMAN_DIR",
        "DOTNET_ROOT",
        "GEM_HOME",
        "GEM_PATH",
    ),
    *("ASDF_DIR", "ASDF_DATA_DIR", "MISE_DATA_DIR", "R_HOME", "LD_LIBRARY_PATH", "PKG_CONFIG_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"),
)

# What of the folders that these variables name is shown; not all of CARGO_HOME, which keeps a token.
ROOTS = {
    **dict.fromkeys(("PYENV_ROOT", "NVM_DIR", "VOLTA_HOME", "RUSTUP_HOME", "GOROOT", "JAVA_HOME", "DOTNET_ROOT", "CONDA_PREFIX"), (".",)),
    **dict.fromkeys(("ASDF_DIR", "ASDF_DATA_DIR", "MISE_DATA_DIR", "PNPM_HOME", "R_HOME"), (".",)),
    **dict.fromkeys(("BUN_INSTALL", "DENO_INSTALL"), ("bin", "install")),
    "CARGO_HOME": ("bin", "registry", "git"),
    "GOPATH": ("bin", "pkg/mod"),
    "SDKMAN_DIR": ("candidates",),
    "GEM_HOME": ("bin", "gems", "specifications", "extensions"),
}

# Under HOME, and never shown, whatever leads there.
KEYS = (".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store", ".config/gcloud", ".config/gh", ".mozilla")

# Whether a path is there is asked of os.path on purpose: pathlib raises for what the caller may not look at, as another user's tools.
# ruff: noqa: PTH110, PTH113

_FILES_PER_FOLDER = 2_000  # of a folder on PATH outside the system: enough for any, and a bound for a strange one


@dataclass(frozen=True, slots=True)
class Mount:
    path: str  # absolute, the same inside
    why: str


def mounts(workspace: str, environ: Mapping[str, str]) -> list[Mount]:
    """What to mount read-only so that the commands of this environment run as they stand. Parents come before children."""
    home = environ.get("HOME", "")
    found = _Found(workspace, home)
    for path in SYSTEM:
        found.add(path, "system")
    for pattern in ETC:
        for settings in sorted(Path("/etc").glob(pattern)):
            found.add(str(settings), "settings of the system's tools")
    for name in TOOLCHAINS if home else ():
        found.add(f"{home}/{name}", "toolchain under HOME")
    for variable, parts in ROOTS.items():
        for part in parts if environ.get(variable, "").startswith("/") else ():
            found.add(os.path.normpath(f"{environ[variable]}/{part}"), f"{variable} names it")
    for folder in _path(environ):
        found.add(_toolchain_around(folder), "toolchain on PATH")
        if found.add(folder, "on PATH") and not _is_system(folder):
            for file in _executables(folder):
                found.follow(file, f"{file} leads there")
    for folder in leads.git_folders(Path(workspace)):
        found.add(folder, "the repository that this work tree or submodule belongs to")
    environments = [*leads.environments(Path(workspace)), *([Path(environ["VIRTUAL_ENV"])] if environ.get("VIRTUAL_ENV") else [])]
    for environment in environments:
        found.add(str(environment), "virtual environment")
        for interpreter in leads.base_interpreters(environment):
            found.add_installation(interpreter, f"base of the virtual environment {environment}")
    return sorted(found.mounts, key=lambda mount: mount.path)


def environment(workspace: str, environ: Mapping[str, str], seen: list[Mount]) -> dict[str, str]:
    """The variables that commands inside get: the ones above, PATH cut to what is there."""
    roots = [workspace, *(mount.path for mount in seen)]
    path = [folder for folder in _path(environ) if any(within(folder, root) for root in roots)]
    kept = {name: value for name, value in environ.items() if name in VARIABLES or name.startswith("LC_")}
    return {**kept, "PATH": ":".join(path or ["/usr/local/bin", "/usr/bin", "/bin"])}


@dataclass
class _Found:
    workspace: str
    home: str
    mounts: list[Mount] = field(default_factory=list)

    def add(self, path: str, why: str) -> bool:
        """Show it under this name and under its real one: what is inside may be spelt either way. Whether it is shown."""
        real = leads.real_path(path, avoiding=self.workspace)
        if not real or not os.path.exists(real) or self._is_private(path) or self._is_private(real):
            return False
        for name in dict.fromkeys((path, real)):
            if not self._covered(name):
                self.mounts.append(Mount(name, why))
        return True

    def follow(self, file: str, why: str) -> None:
        """What an executable needs beside itself: where its link leads, the installation around that, its interpreter."""
        real = leads.real_path(file, avoiding=self.workspace)
        interpreter = _interpreter(real) if real else ""
        for target in (real, interpreter, interpreter and leads.real_path(interpreter, avoiding=self.workspace)):
            if target:
                self.add_installation(target, why)

    def add_installation(self, file: str, why: str) -> None:
        if not self._covered(file) and os.path.isfile(file) and os.access(file, os.X_OK):
            self.add(_installation(file), why)

    def _covered(self, path: str) -> bool:
        return within(path, self.workspace) or any(within(path, mount.path) for mount in self.mounts)

    def _is_private(self, path: str) -> bool:
        """Whether it would show HOME, its keys, or what lies around the workspace."""
        around = within(self.workspace, path) and not _is_system(path) and not _looks_installed(Path(path))
        homes = (self.home, os.path.realpath(self.home)) if self.home else ()
        return path == "/" or around or any(within(home, path) or any(within(path, f"{home}/{key}") for key in KEYS) for home in homes)


def _installation(file: str) -> str:
    """The folder that `file` was installed to: the one around its bin, if it looks like one, else the file alone."""
    folder = Path(file).parent
    return str(folder.parent) if folder.name in {"bin", "sbin"} and _looks_installed(folder.parent) else file


def _looks_installed(prefix: Path) -> bool:
    return any(os.path.exists(prefix / name) for name in ("pyvenv.cfg", "conda-meta", "lib", "lib64", "libexec"))


def _interpreter(file: str) -> str:
    """The program that a script names in its first line, "" for a binary and for what goes through env."""
    try:
        with Path(file).open("rb") as script:
            line = script.readline(1_000)
    except OSError:
        return ""
    words = line[2:].split() if line.startswith(b"#!/") else []
    program = os.fsdecode(words[0]) if words else ""
    return "" if _is_system(program) else program


def _toolchain_around(folder: str) -> str:
    """The toolchain of the list above that a folder on PATH belongs to: of another HOME too, as when HOME was changed for a while."""
    for name in TOOLCHAINS:
        home, found, _ = f"{folder}/".partition(f"/{name}/")
        if found:
            return f"{home}/{name}"
    return folder


def _executables(folder: str) -> list[str]:
    try:
        files = sorted(entry.path for entry in os.scandir(folder) if os.path.isfile(entry.path))
    except OSError:
        return []
    return [file for file in files[:_FILES_PER_FOLDER] if os.access(file, os.X_OK)]


def _path(environ: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(folder.rstrip("/") for folder in environ.get("PATH", "").split(":") if folder.startswith("/")))


def _is_system(path: str) -> bool:
    return any(within(path, root) for root in SYSTEM)
