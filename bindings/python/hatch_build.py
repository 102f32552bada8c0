"""Puts the component into what is built: from a checkout it comes from where it was built, and a source package has it."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPONENT = "guest/prebuilt/smtp-transporter.wasm"


class Component(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        built = Path(self.root).parents[1] / COMPONENT
        if self.target_name == "sdist" or version != "editable":
            inside = "src/smtp_transporter" if self.target_name == "sdist" else "smtp_transporter"
            if built.is_file():
                build_data["force_include"][str(built)] = f"{inside}/{built.name}"
            elif not (Path(self.root) / "src/smtp_transporter" / built.name).is_file():
                raise FileNotFoundError(f"no component: build it, so that {built} is there")
