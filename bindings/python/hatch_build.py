"""Puts the component into what is built: in a checkout it comes from where it was built, and a source package has it."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "smtp-transporter.wasm"


class Component(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        built = root.parents[1] / "guest/prebuilt" / NAME
        if built.is_file():
            folder = "src/smtp_transporter" if self.target_name == "sdist" else "smtp_transporter"
            build_data["force_include"][str(built)] = f"{folder}/{NAME}"
        elif not (root / "src/smtp_transporter" / NAME).is_file():
            raise FileNotFoundError(f"there is no component at {built}")
